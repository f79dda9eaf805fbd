"""Builders of many rows at the desk of the safeguarding and support teams: see ``rows``."""

from django.utils import timezone

from apps.accounts.models import LeavingPhoto
from apps.core import chain
from apps.safeguarding.models import Report
from apps.safeguarding.services import add_note, take_report
from tests.conftest import Cast
from tests.factories.accounts import make_profile, make_student, make_user
from tests.factories.safeguarding import make_case, make_hold, make_look, make_report
from tests.factories.sessions import make_session

from .rows import audits


def cases(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_case(make_user(f"Staff {number}"), make_student(f"Row {number}"))


def readings(cast: Cast, numbers: range) -> None:
    """Who of the staff looked into Mia's diary."""
    for number in numbers:
        make_case(make_user(f"Staff {number}"), cast.student)


def profiles(cast: Cast, numbers: range) -> None:
    """Profiles of students for whom the reader has a case."""
    for number in numbers:
        student = make_student(f"Row {number}")
        make_profile(student, goal="To play well")
        make_case(cast.user("superuser"), student)


def looks(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_look(make_user(f"Staff {number}"), make_user(f"Person {number}"))


def reports(cast: Cast, numbers: range) -> None:
    for number in numbers:
        report = make_report(make_student(f"Row {number}"), make_user(f"Reporter {number}"))
        take_report(report=report, by=make_user(f"Staff {number}"), now=timezone.now())


def report_key(cast: Cast) -> list[object]:
    return [first_report(cast).pk]


def first_report(cast: Cast) -> Report:
    found = Report.objects.order_by("reported_at").first()
    return found or make_report(cast.student, cast.user("student"))


def notes(cast: Cast, numbers: range) -> None:
    report = first_report(cast)
    for number in numbers:
        add_note(report=report, by=make_user(f"Staff {number}"), body=f"Row {number}", now=timezone.now())


def holds(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_hold(make_student(f"Row {number}"), make_user(f"Staff {number}"), make_user(f"Kept {number}"))


def seals(cast: Cast, numbers: range) -> None:
    for number in numbers:
        audits(cast, range(number, number + 1))
        chain.seal(now=timezone.now())


def leaving_photos(cast: Cast, numbers: range) -> None:
    now = timezone.now()
    for number in numbers:
        user = make_user(f"Row {number}")
        LeavingPhoto.objects.create(user=user, path=f"avatars/{number}.webp", goes_at=now)


def sessions(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_session(cast.user("stranger"), browser=f"Row {number}")
