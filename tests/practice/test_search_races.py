"""Two connections at the same moment: words of entries from before are written while an entry is changed."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.practice import services, words
from apps.practice.content import EntryContent, Line
from apps.practice.models import EntryWords, PracticeEntry
from apps.practice.queries.words import saying
from tests.factories.accounts import make_student, make_user
from tests.factories.practice import make_entry

from .test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def solo() -> tuple[Student, User]:
    user = make_user("Solo")
    return make_student("Solo", user=user), user


def somebody_waits() -> bool:
    for _ in range(100):
        with connection.cursor() as cursor:
            # A transaction sees what others do as it was when it first looked.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone() != (0,):
                return True
        time.sleep(0.05)
    return False


def both(student: Student, user: User, *, is_older: bool = False) -> tuple[set[str], list[object]]:
    """An entry about a barcarolle becomes one about a gavotte while the words of all are written; which of
    both it is found by, and what came of it. ``is_older``: by a version that writes no words."""
    entry = make_entry(student, user, lines=[Line("Barcarolle")], notes="Before")
    EntryWords.objects.all().delete()
    is_changed = threading.Event()
    content = EntryContent(
        practised_on=entry.practised_on, minutes=30, lines=[Line("Gavotte")], notes="After"
    )

    def change() -> bool:
        with transaction.atomic():
            services.change_entry(entry=entry, by=user, content=content, now=timezone.now())
            if is_older:
                EntryWords.objects.all().delete()
            is_changed.set()
            return somebody_waits()

    def fill() -> int:
        assert is_changed.wait(10)
        return words.write_missing(connection)

    results = together(change, fill)
    sought = ("barcarolle", "before", "gavotte", "after")
    found = {word for word in sought if PracticeEntry.objects.filter(saying(word, student.pk)).exists()}
    return found, results


@pytest.mark.parametrize(("is_older", "written"), [(False, 0), (True, 1)])
def test_newer_words_stay(solo: tuple[Student, User], is_older: bool, written: int) -> None:
    found, results = both(*solo, is_older=is_older)
    assert found == {"gavotte", "after"}
    assert results == [True, written]


def test_without_the_lock_older_words_take_their_place(
    solo: tuple[Student, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: read before the change is there, written after it."""
    monkeypatch.setattr(words, "HOLD", words.HOLD.replace("FOR NO KEY UPDATE OF entry", ""))
    found, results = both(*solo)
    assert found == {"barcarolle", "before"}
    assert results == [True, 1]
