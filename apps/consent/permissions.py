"""Who may say what may be kept about a student, and who may read what was said."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import ADULT_AGE, AgeBand, born_before
from apps.core.access import rule


def guarded_ids(user: User) -> QuerySet[Guardianship, Any]:
    return Guardianship.objects.current().filter(guardian=user).values("student_id")


def is_adult() -> Q:
    """By the month of birth; where none is known, by what was said once."""
    born = Q(birth_month__lt=born_before(ADULT_AGE, timezone.now().date()))
    return born | Q(birth_month__isnull=True, age_band=AgeBand.ADULT)


def alone_ids(user: User) -> QuerySet[Student, Any]:
    """The user's own diary, if they are an adult, or old enough to agree and without a guardian."""
    own = Student.objects.own(user).old_enough(timezone.now().date())
    guarded = Guardianship.objects.current().values("student_id")
    return own.filter(is_adult() | ~Q(pk__in=guarded)).values("pk")


@rule(Student, "decide_consents")
def may_decide(user: User) -> Q:
    """Each guardian of a child; whoever is old enough, for themselves. No teacher, no guest, no child.

    Nobody decides for an adult who can sign in: not even somebody who is still down as their guardian.
    """
    grown_up = is_adult() & Q(user__isnull=False)
    return Q(pk__in=guarded_ids(user)) & ~grown_up | Q(pk__in=alone_ids(user))


@rule(Student, "view_consents")
def may_view(user: User) -> Q:
    """The family. A child may read what others said about their diary."""
    return Q(pk__in=Student.objects.family_of(user).values("pk"))
