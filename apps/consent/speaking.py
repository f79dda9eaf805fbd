"""Whose yes still counts, and whose diary is open: what everything asks that others see of a student."""

from django.db.models import Exists, OuterRef, Q

from apps.accounts.going import diary_stays
from apps.accounts.models import Guardianship, Student
from apps.accounts.models.family import unlocked
from apps.accounts.models.students import StudentQuerySet

from .permissions import alone, grown_up


def still_speaks(*, student: str, by: str) -> Q:
    """Of rows that somebody agreed to: whoever did still speaks for the student, as a guardian of today or
    for themselves. ``student`` and ``by`` are the row's paths to both.

    So what a guardian agreed to ends when they leave, are objected to, or the child comes of age; and what
    somebody agreed to alone, when it turns out that they are too young, or a guardian joins.
    """
    guardians = Guardianship.objects.current().filter(student=OuterRef(student), guardian=OuterRef(by))
    themselves = alone().filter(pk=OuterRef(student), user=OuterRef(by))
    adults = Student.objects.filter(grown_up(), pk=OuterRef(student))
    return Q(Exists(guardians)) & ~Q(Exists(adults)) | Q(Exists(themselves))


def open_diaries() -> StudentQuerySet:
    """Of students whose diary is kept, is not about to be erased, and nobody holds still."""
    return Student.objects.filter(unlocked(), diary_stays(), collecting=True)
