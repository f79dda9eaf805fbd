"""The last day that a page or a mail promises is one on which it still works, in the right zone."""

from datetime import date, datetime, timedelta

import pytest

from apps.accounts.emails import _zone
from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.queries import guests_of
from apps.accounts.services.grants import grant_student
from apps.core.days import calendar_day
from tests.factories.accounts import make_student, make_user

HONOLULU, KIRITIMATI = "Pacific/Honolulu", "Pacific/Kiritimati"


@pytest.mark.parametrize(
    ("ends", "zone", "day"),
    [
        # It ends at five in the afternoon there: the day before is the last whole one.
        ("2026-12-09T03:00:00+00:00", HONOLULU, date(2026, 12, 7)),
        ("2026-12-09T03:00:00+00:00", "UTC", date(2026, 12, 8)),
        # A guest's last day ends with its last second, in the student's zone.
        ("2026-12-09T23:59:59-10:00", HONOLULU, date(2026, 12, 9)),
        ("2026-12-09T23:59:59+14:00", KIRITIMATI, date(2026, 12, 9)),
    ],
)
def test_a_day_is_promised_if_it_works_until_midnight(ends: str, zone: str, day: date) -> None:
    row = Invitation(expires_at=datetime.fromisoformat(ends), student=Student(time_zone=zone))
    assert calendar_day(row.whole_until, _zone(row)) == day


def test_a_guests_last_day_is_the_students() -> None:
    until = datetime.fromisoformat("2026-12-09T23:59:59-10:00")
    row = Invitation(grant_until=until, student=Student(time_zone=HONOLULU))
    assert row.guest_day == date(2026, 12, 9)
    assert Invitation(grant_until=None).guest_day is None
    assert Invitation(grant_until=until).guest_day is None


def test_the_mails_zone_is_that_of_who_is_known() -> None:
    inviter = User(time_zone=KIRITIMATI)
    assert _zone(Invitation(invited_by=inviter, student=Student(time_zone=HONOLULU))) == HONOLULU
    assert _zone(Invitation(invited_by=inviter)) == KIRITIMATI
    assert _zone(Invitation()) == "UTC"


@pytest.mark.parametrize("offset", ["-10:00", "+14:00"])
def test_the_list_of_guests_says_the_students_day(db: None, offset: str) -> None:
    zone = HONOLULU if offset == "-10:00" else KIRITIMATI
    student, until = make_student(time_zone=zone), datetime.fromisoformat(f"2031-12-09T23:59:59{offset}")
    now = until - timedelta(days=30)
    grant_student(student=student, to=make_user(), level=GrantLevel.VIEW, until=until, by=None, now=now)
    assert [guest.last_day for guest in guests_of(student, now)] == [date(2031, 12, 9)]
