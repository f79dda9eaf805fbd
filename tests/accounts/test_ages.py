"""How old somebody is of whom only the month of birth is known."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from apps.accounts import services
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from tests.factories.accounts import make_guardianship, make_student, make_user


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 2, 28), 17),
        # Perhaps born on the 1st, perhaps on the 31st: nobody is older than they surely are.
        (date(2026, 3, 1), 17),
        (date(2026, 3, 31), 17),
        (date(2026, 4, 1), 18),
        (date(2027, 1, 1), 18),
    ],
)
def test_an_age_counts_from_the_end_of_the_month_of_birth(db: None, day: date, age: int) -> None:
    assert make_student(birth_month=date(2008, 3, 1)).age_on(day) == age


def test_somebody_of_december_has_their_birthday_with_the_new_year(db: None) -> None:
    student = make_student(birth_month=date(2008, 12, 1))
    assert [student.age_on(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [17, 18]


def test_without_a_month_there_is_no_age(db: None) -> None:
    assert make_student().age_on(date(2026, 3, 1)) is None


def test_a_day_of_birth_is_not_stored(db: None) -> None:
    with pytest.raises(IntegrityError, match="student_birth_month"):
        make_student(birth_month=date(2008, 3, 2))


def test_one_clock_says_how_old_somebody_is(db: None) -> None:
    """In Los Angeles it is the last evening of May yet, when by UTC somebody has come of age."""
    now = datetime(2028, 6, 1, 5, tzinfo=UTC)
    young = make_user("Young", time_zone="America/Los_Angeles")
    student = services.create_own_student(
        user=young, name="Young", birth_month=date(2010, 5, 1), country="US", agreed=True, now=now
    )
    assert student.age_band == AgeBand.TEEN
    guarded = make_student("Zoe", birth_month=date(2010, 5, 1), time_zone="America/Los_Angeles")
    guardian, own = make_user("Anna"), make_user("Zoe")
    make_guardianship(guarded, guardian)
    row = services.invite_by_code(student=guarded, role=InvitationRole.STUDENT, by=guardian, now=now)
    services.accept_invitation(invitation=row, by=own, now=now)
    guarded.refresh_from_db()
    assert (guarded.user, guarded.age_band) == (own, AgeBand.TEEN)
