"""Rows of the teacher's desk."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from apps.desk import services
from apps.practice.models.comments import AuthorRole
from apps.practice.services import add_comment
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.assignments import TEN_TIMES, make_assignment
from tests.factories.lessons import place_lesson
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching


def put_aside(cast: Cast, numbers: range) -> None:
    teacher = cast.user("teacher")
    for number in numbers:
        student = make_student(f"Row {number}")
        make_teaching(teacher, student)
        services.snooze(student=student, by=teacher, days=7, reason="Ill", now=timezone.now())


def settings(cast: Cast, numbers: range) -> None:
    for number in numbers:
        teacher = make_user(f"Row {number}")
        services.set_thresholds(by=teacher, said={"points": 30}, now=timezone.now())


def put_aside_by_many(cast: Cast, numbers: range) -> None:
    """The same pupil, by teachers of their own."""
    for number in numbers:
        teacher = make_user(f"Row {number}")
        make_teaching(teacher, cast.student)
        services.snooze(student=cast.student, by=teacher, days=7, reason="Ill", now=timezone.now())


def snippets(cast: Cast, numbers: range) -> None:
    for number in numbers:
        body = f"Row {number}"
        services.add_snippet(key=uuid4(), by=cast.user("teacher"), body=body, now=timezone.now())


def snippets_of_many(cast: Cast, numbers: range) -> None:
    for number in numbers:
        teacher = make_user(f"Row {number}")
        services.add_snippet(key=uuid4(), by=teacher, body="Slowly", now=timezone.now())


def said_lately(cast: Cast, numbers: range) -> None:
    """Sessions with something hard, comments of the family, lessons and assignments of one pupil."""
    now = timezone.now()
    for number in numbers:
        entry = make_entry(
            cast.student,
            cast.user("guardian"),
            now=now - timedelta(minutes=number),
            struggles=f"Row {number}",
        )
        add_comment(
            key=uuid4(),
            entry=entry,
            by=cast.user("guardian"),
            role=AuthorRole.GUARDIAN,
            body="How?",
            now=now,
        )
        place_lesson(cast.teaching, now - timedelta(days=number + 3))
        make_assignment(cast.teaching, f"Scale {number}", TEN_TIMES)
