"""Rows of evidence."""

from datetime import timedelta

from django.utils import timezone

from apps.evidence.models import MOST_OF_LESSON
from apps.lessons.models import Lesson
from apps.practice.content import About, Line
from tests.conftest import Cast
from tests.factories.evidence import make_evidence, make_link
from tests.factories.lessons import place_lesson
from tests.factories.practice import make_entry

from .repertoire_rows import WRITERS, vibrato


def of_entry(cast: Cast, numbers: range) -> None:
    """As many as there can be on one, by several of the family."""
    for number in numbers:
        if number < 5:
            make_evidence(cast.entry, cast.user(WRITERS[number % 2]), f"Row {number}")


def _lesson(cast: Cast) -> Lesson:
    return Lesson.objects.first() or place_lesson(cast.teaching, timezone.now())


def lesson(cast: Cast) -> list[object]:
    return [_lesson(cast).pk]


def of_lesson(cast: Cast, numbers: range) -> None:
    """As many as there can be."""
    for number in numbers:
        if number < MOST_OF_LESSON:
            make_link(
                _lesson(cast), cast.user("teacher"), f"https://music.example/{number}", body=f"Row {number}"
            )


def of_skill(cast: Cast, numbers: range) -> None:
    """On the skill itself, and on sessions with a line about it."""
    skill, today = vibrato(cast), cast.student.today(timezone.now())
    for number in numbers:
        by = cast.user(WRITERS[number % 2])
        if number < 9:
            make_link(skill, by, f"https://music.example/{number}")
        entry = make_entry(
            cast.student,
            by,
            minutes=3,
            practised_on=today - timedelta(days=60 - number),
            lines=[Line("Vibrato", about=About(skill=skill.pk))],
        )
        make_evidence(entry, by, f"Row {number}")
