"""Rows of challenges."""

from django.utils import timezone

from apps.assignments.models import Challenge
from tests.conftest import Cast
from tests.factories.accounts import make_user
from tests.factories.challenges import join, make_challenge, place_challenge
from tests.factories.ensembles import make_pupil


def asked(cast: Cast, numbers: range) -> None:
    """Mia, who takes part in each."""
    for number in numbers:
        row = place_challenge(cast.user("teacher"), cast.student.today(timezone.now()), title=f"Row {number}")
        row.participations.create(
            teaching=cast.teaching,
            asked_at=timezone.now(),
            is_in=True,
            answered_at=timezone.now(),
            answered_by=cast.user("guardian"),
        )


def set_by_many(cast: Cast, numbers: range) -> None:
    today = cast.student.today(timezone.now())
    for number in numbers:
        place_challenge(make_user(f"Row {number}"), today, title="Together")


def _challenge(cast: Cast) -> Challenge:
    return Challenge.objects.first() or make_challenge(cast.teaching)


def challenge(cast: Cast) -> list[object]:
    return [_challenge(cast).pk]


def taking_part(cast: Cast, numbers: range) -> None:
    """Of pupils of their own, and as many who are not asked yet."""
    row, teacher = _challenge(cast), cast.user("teacher")
    for number in numbers:
        student, guardian = make_pupil(teacher, f"Row {number}")
        lessons = student.teachings.get()
        row.participations.create(teaching=lessons, asked_at=timezone.now())
        join(row, student, guardian)
        make_pupil(teacher, f"Unasked {number}")
