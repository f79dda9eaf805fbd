"""Rows of a family that changes: pauses, newcomers, former guardians, objections, locks."""

from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import FamilyLock, Objection, ReaderLink, Student, User
from apps.accounts.services.majority import end_all_guardianships
from tests.conftest import Cast
from tests.factories.accounts import (
    make_guardianship,
    make_student,
    make_user,
)
from tests.factories.practice import make_entry, make_sign_off
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


def reader_links(cast: Cast, numbers: range) -> None:
    """Each made by somebody else, and so none of them opens anything any more."""
    now = timezone.now()
    for number in numbers:
        ReaderLink.objects.create(
            student=cast.student,
            name=f"Row {number}",
            email=f"row.{number}@people.example",
            made_by=make_user(f"Host {number}"),
            made_at=now,
            expires_at=now + timedelta(days=7),
        )


def _asked(cast: Cast, student: Student, teacher: User) -> None:
    """Lessons that ask for weeks, of which the one before the last is signed."""
    today = student.today(timezone.now())
    teaching = make_teaching(teacher, student, sign_off_since=today - timedelta(days=28))
    for days, private in ((10, False), (3, True)):
        day = today - timedelta(days=days)
        make_entry(student, cast.user("guardian"), minutes=2, practised_on=day, is_private=private)
    make_sign_off(teaching, today - timedelta(days=14), cast.user("guardian"))


def asked_lessons(cast: Cast, numbers: range) -> None:
    for number in numbers:
        _asked(cast, cast.student, make_user(f"Row {number}"))


def pupils_asked_to_sign(cast: Cast, numbers: range) -> None:
    for number in numbers:
        pupil = make_student(f"Row {number}")
        make_guardianship(pupil, make_user(f"Parent of {number}"))
        _asked(cast, pupil, cast.user("teacher"))


def children_asked_to_sign(cast: Cast, numbers: range) -> None:
    for number in numbers:
        child = make_student(f"Row {number}")
        make_guardianship(child, cast.user("guardian"))
        _asked(cast, child, make_user(f"Teacher of {number}"))


def signed_weeks(cast: Cast, numbers: range) -> None:
    for number in numbers:
        teaching = make_teaching(make_user(f"Row {number}"), cast.student)
        make_sign_off(teaching, cast.student.today(timezone.now()), make_user(f"Parent {number}"))


def family_locks(cast: Cast, numbers: range) -> None:
    for number in numbers:
        FamilyLock.objects.create(
            student=make_student(f"Row {number}"),
            reason="An order",
            locked_by=cast.user("superuser"),
            locked_at=timezone.now(),
        )
