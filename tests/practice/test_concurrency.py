"""Two connections at the same moment: a form sent twice, two sessions of one day."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.practice import services
from apps.practice.content import EntryContent
from apps.practice.models import PracticeDay, PracticeEntry
from apps.practice.services import EntryAlreadyLogged, LockedStudent
from tests.factories.accounts import make_student, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def solo() -> tuple[Student, User]:
    user = make_user("Solo")
    return make_student("Solo", user=user), user


def together(*works: Callable[[], object]) -> list[object]:
    """Start all at once, each on a connection of its own; what each returned or raised."""
    start = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(number: int) -> None:
        try:
            start.wait(5)
            results[number] = works[number]()
        except Exception as error:  # noqa: BLE001  (the result of this thread)
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def logging(student: Student, user: User, key: object, minutes: int, day: date) -> Callable[[], object]:
    content = EntryContent(practised_on=day, minutes=minutes, description="At the same moment")

    def log() -> object:
        return services.log_entry(
            key=key,  # type: ignore[arg-type]
            student=student,
            by=user,
            content=content,
            now=timezone.now(),
        ).pk

    return log


def test_the_same_form_sent_twice_at_once_saves_once(solo: tuple[Student, User]) -> None:
    student, user = solo
    day = student.today(timezone.now())
    for _ in range(5):
        key = uuid4()
        results = together(*(logging(student, user, key, 10, day) for _ in range(2)))
        assert sorted(type(result).__name__ for result in results) == ["EntryAlreadyLogged", "UUID"]
        refused = next(result for result in results if isinstance(result, EntryAlreadyLogged))
        assert refused.entry_id == key
    assert PracticeEntry.objects.count() == 5
    assert PracticeDay.objects.get().minutes == 50


def test_two_sessions_of_one_day_are_both_counted(solo: tuple[Student, User]) -> None:
    student, user = solo
    day = student.today(timezone.now())
    for _ in range(5):
        together(*(logging(student, user, uuid4(), minutes, day) for minutes in (10, 15)))
    summary = PracticeDay.objects.get()
    assert (summary.sessions, summary.minutes) == (10, 125)


def test_the_last_minutes_of_a_day_are_given_away_once(solo: tuple[Student, User]) -> None:
    student, user = solo
    day = student.today(timezone.now())
    logging(student, user, uuid4(), 1400, day)()
    results = together(*(logging(student, user, uuid4(), 40, day) for _ in range(2)))
    assert sorted(type(result).__name__ for result in results) == ["DayIsTooLong", "UUID"]
    assert PracticeDay.objects.get().minutes == 1440


def test_without_the_lock_an_update_would_be_lost(
    solo: tuple[Student, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same two sessions, no row lock, and each counts past the other.

    Unless one happens to be through before the other looks: so it may take more than one day.
    """
    student, user = solo
    today = student.today(timezone.now())
    monkeypatch.setattr(services, "_lock", lambda student_id: LockedStudent(student, [], is_guarded=False))
    both_wrote = threading.Barrier(2)
    counts = services._recount

    def recount_when_both_wrote(*args: object, **options: object) -> None:
        both_wrote.wait(5)
        counts(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "_recount", recount_when_both_wrote)

    def stored_of(day: date) -> int:
        together(*(logging(student, user, uuid4(), minutes, day) for minutes in (10, 15)))
        written = PracticeEntry.objects.filter(practised_on=day).values_list("minutes", flat=True)
        assert sum(written) == 25
        return PracticeDay.objects.get(practised_on=day).minutes

    assert any(stored_of(today - timedelta(days=back)) < 25 for back in range(20))
