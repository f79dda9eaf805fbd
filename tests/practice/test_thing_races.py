"""Two connections at the same moment: days of things are counted while another one writes lines of them."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.practice import services, thing_days
from apps.practice.content import About, EntryContent, Line
from apps.practice.models import ThingDay
from apps.repertoire.models import Piece
from apps.repertoire.services import merge_pieces, merging
from tests.factories.accounts import make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece

from .test_concurrency import together
from .test_search_races import somebody_waits
from .things import counted_things, stored_things

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def solo() -> tuple[Student, User]:
    user = make_user("Solo")
    return make_student("Solo", user=user), user


def about(piece: Piece) -> list[Line]:
    return [Line(piece.title, about=About(piece=piece.pk))]


def merge_while_another_is_logged(student: Student, user: User) -> list[object]:
    """Two pieces of a day become one, and before that is there a session about a third one is logged."""
    kept, gone, third = (make_piece(student, user, title) for title in ("Kept", "Gone", "Third"))
    for piece in (kept, gone):
        make_entry(student, user, minutes=5, lines=about(piece))
    is_merged = threading.Event()

    def merge() -> bool:
        with transaction.atomic():
            merge_pieces(into=kept, other=gone, by=user, now=timezone.now())
            is_merged.set()
            return somebody_waits()

    def log() -> None:
        assert is_merged.wait(10)
        make_entry(student, user, minutes=5, lines=about(third))

    return together(merge, log)


def test_a_day_is_never_counted_past_a_merge(solo: tuple[Student, User]) -> None:
    assert merge_while_another_is_logged(*solo) == [True, None]
    assert stored_things(solo[0]) == counted_things(solo[0])


def test_without_the_students_lock_it_is(solo: tuple[Student, User], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the session counts the lines as they lay before the merge."""
    monkeypatch.setattr(merging, "hold_student", lambda student_id: None)
    merge_while_another_is_logged(*solo)
    assert stored_things(solo[0]) != counted_things(solo[0])


def count_while_one_is_changed(student: Student, user: User) -> list[object]:
    """A session of one piece becomes one of another while the days that were there before are counted."""
    one, other = (make_piece(student, user, title) for title in ("One", "Other"))
    entry = make_entry(student, user, minutes=5, lines=about(one))
    ThingDay.objects.all().delete()
    is_changed = threading.Event()
    content = EntryContent(practised_on=entry.practised_on, minutes=7, lines=about(other))

    def change() -> bool:
        with transaction.atomic():
            services.change_entry(entry=entry, by=user, content=content, now=timezone.now())
            is_changed.set()
            return somebody_waits()

    def count() -> int:
        assert is_changed.wait(10)
        return thing_days.count_all(connection)

    return together(change, count)


def test_old_days_are_counted_as_they_are_by_then(solo: tuple[Student, User]) -> None:
    assert count_while_one_is_changed(*solo) == [True, 1]
    assert stored_things(solo[0]) == counted_things(solo[0])


def test_without_the_lock_they_are_counted_as_they_were(
    solo: tuple[Student, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what was counted before the change is written after it."""
    monkeypatch.setattr(thing_days, "_HOLD", "SELECT id FROM accounts_student WHERE id = %s")
    count_while_one_is_changed(*solo)
    assert stored_things(solo[0]) != counted_things(solo[0])
