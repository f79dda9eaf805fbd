"""Rows of a family that changes: pauses, newcomers, former guardians, objections, locks."""

from django.utils import timezone

from apps.accounts.models import FamilyLock, Objection
from apps.accounts.services.majority import end_all_guardianships
from tests.conftest import Cast
from tests.factories.accounts import (
    make_guardianship,
    make_student,
    make_user,
)
from tests.factories.private_teaching import make_teaching

# The numbers are those of rows to add to the ones before.


def paused(cast: Cast, numbers: range) -> None:
    for number in numbers:
        teacher = cast.user("teacher")
        make_teaching(teacher, make_student(f"Row {number}"), paused_at=timezone.now(), paused_by=teacher)


def newcomers_of_family(cast: Cast, numbers: range) -> None:
    """Guardians of today; the guardian may object to each."""
    for number in numbers:
        make_guardianship(cast.student, make_user(f"Row {number}"), started_at=timezone.now())


def former_guardians(cast: Cast, numbers: range) -> None:
    """Mia has come of age, and these were her guardians."""
    moment = cast.student.came_of_age_at or timezone.now()
    if cast.student.came_of_age_at is None:
        end_all_guardianships(student=cast.student, now=moment)
    for number in numbers:
        make_guardianship(cast.student, make_user(f"Row {number}"), ended_at=moment)


def objections(cast: Cast, numbers: range) -> None:
    for number in numbers:
        row = make_guardianship(cast.student, make_user(f"Row {number}"), started_at=timezone.now())
        Objection.objects.create(
            guardianship=row, raised_by=cast.user("guardian"), raised_at=timezone.now(), reason="So"
        )


def family_locks(cast: Cast, numbers: range) -> None:
    for number in numbers:
        FamilyLock.objects.create(
            student=make_student(f"Row {number}"),
            reason="An order",
            locked_by=cast.user("superuser"),
            locked_at=timezone.now(),
        )
