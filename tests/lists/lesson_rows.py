"""Rows of lessons."""

from datetime import timedelta

from django.utils import timezone

from apps.lessons.models import ChangeKind, Lesson, LessonChange, OwnNote
from tests.conftest import Cast
from tests.factories.accounts import make_student
from tests.factories.lessons import place_lesson
from tests.factories.private_teaching import make_teaching

DAY = timedelta(days=1)
# Short ones, so that a day holds many.
MINUTES = 5


def of_week(cast: Cast, numbers: range) -> None:
    """With pupils of their own, from this morning on."""
    morning = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for number in numbers:
        teaching = make_teaching(cast.user("teacher"), make_student(f"Row {number}"))
        place_lesson(teaching, morning + number * timedelta(minutes=MINUTES), minutes=MINUTES)


def pupils(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_teaching(cast.user("teacher"), make_student(f"Row {number}"))


def to_come(cast: Cast, numbers: range) -> None:
    for number in numbers:
        place_lesson(cast.teaching, timezone.now() + (number + 1) * DAY, place=f"Row {number}")


def past(cast: Cast, numbers: range) -> None:
    for number in numbers:
        place_lesson(cast.teaching, timezone.now() - (number + 1) * DAY, place=f"Row {number}")


def _lesson(cast: Cast) -> Lesson:
    found = Lesson.objects.filter(teaching=cast.teaching).first()
    return found or place_lesson(cast.teaching, timezone.now() - DAY)


def lesson(cast: Cast) -> list[object]:
    return [_lesson(cast).pk]


def changes(cast: Cast, numbers: range) -> None:
    for number in numbers:
        LessonChange.objects.create(
            lesson=_lesson(cast),
            kind=ChangeKind.MOVED,
            was_at=timezone.now(),
            was_minutes=30,
            reason=f"Row {number}",
            changed_by=cast.user("teacher"),
            changed_at=timezone.now(),
        )


def own_notes(cast: Cast, numbers: range) -> None:
    for number in numbers:
        row = place_lesson(cast.teaching, timezone.now() - (number + 1) * DAY)
        OwnNote.objects.create(
            lesson=row, author=cast.user("teacher"), body=f"Row {number}", changed_at=timezone.now()
        )
