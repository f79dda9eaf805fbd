"""Rows of the teacher's desk."""

from uuid import uuid4

from django.utils import timezone

from apps.desk import services
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
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
