"""Two guardians sign the same week at the same moment: the row lock makes it one signature."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.practice.models import WeekSignOff
from apps.practice.queries.sign_offs import SignedWeek, count_week
from apps.practice.services import signing
from apps.private_teaching.models import Teaching
from tests.accounts.test_join_race import at_once, refused
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture
def asked() -> tuple[Teaching, User, User]:
    """Lessons whose last week has ended yesterday, with two guardians."""
    student, one, two = make_student(), make_user("One"), make_user("Two")
    for guardian in (one, two):
        make_guardianship(student, guardian)
    since = student.today(timezone.now()) - timedelta(days=7)
    make_entry(student, one, minutes=40, practised_on=since)
    return make_teaching(make_user("Teacher"), student, sign_off_since=since), one, two


def week_of(teaching: Teaching) -> SignedWeek:
    first = teaching.sign_off_since or date.min
    return SignedWeek(teaching.student_id, teaching.pk, first)


def sign(teaching: Teaching, by: User) -> Callable[[], object]:
    week = week_of(teaching)
    version = count_week(week).version
    return lambda: signing.sign_week(
        teaching=teaching, week=week.first, version=version, note="", by=by, now=timezone.now()
    )


def test_a_week_is_signed_once(asked: tuple[Teaching, User, User]) -> None:
    teaching, one, two = asked
    for _ in range(ROUNDS):
        results = at_once(sign(teaching, one), sign(teaching, two))
        assert refused(results) == [signing.WeekIsSigned]
        assert WeekSignOff.objects.count() == 1
        WeekSignOff.objects.all().delete()


def test_what_is_logged_meanwhile_is_signed_by_nobody(asked: tuple[Teaching, User, User]) -> None:
    """Either the session comes after the signature, or the signature is refused."""
    teaching, one, two = asked
    week = week_of(teaching)
    for number in range(ROUNDS):
        before = count_week(week)
        results = at_once(
            sign(teaching, one),
            lambda: make_entry(teaching.student, two, minutes=5, practised_on=week.first),
        )
        signed = WeekSignOff.objects.count()
        assert (refused(results), signed) in (([], 1), ([signing.WeekHasChanged], 0)), number
        assert set(WeekSignOff.objects.values_list("minutes", flat=True)) <= {before.minutes}
        WeekSignOff.objects.all().delete()


def test_without_the_lock_there_would_be_two(
    asked: tuple[Teaching, User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the race is real, and it is the lock that decides it."""
    teaching, one, two = asked
    presses = sign(teaching, one), sign(teaching, two)
    both_have_read, record = Barrier(2), WeekSignOff.objects.create

    def create(**fields: object) -> WeekSignOff:
        both_have_read.wait(timeout=10)
        return record(**fields)

    monkeypatch.setattr(WeekSignOff.objects, "create", create)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
    assert refused(at_once(*presses)) == []
    assert WeekSignOff.objects.count() == 2
