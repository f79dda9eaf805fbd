"""Many sessions at once are saved as each by itself: the same rows, the same refusals, the same news."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Student
from apps.accounts.services import CollectionIsOff
from apps.practice import services, signals
from apps.practice.content import About, EntryContent, Line
from apps.practice.models import (
    EntryWords,
    FocusArea,
    NewMark,
    PracticeDay,
    PracticeEntry,
    PracticeItem,
)
from apps.practice.models.comments import AuthorRole
from apps.practice.personal_data import revisions
from apps.practice.services.bulk import DayTotals, NewEntry, delete_untouched, find_refusals, log_entries
from apps.repertoire.models import Piece
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece

DAY = timedelta(days=1)


def sessions(cast: Cast, minuet: Piece) -> list[EntryContent]:
    """Right ones of every kind, and one for each thing that can be wrong."""
    today = cast.student.today(timezone.now())
    plain = EntryContent(practised_on=today - DAY, minutes=30, lines=[Line("Minuet in G")])
    tone = FocusArea.objects.get(slug="tone")
    own = make_entry(cast.student, cast.user("student"), own_area="Left hand").focus_areas.get()
    theirs = make_entry(cast.other_student, cast.user("other_guardian"), own_area="Theirs").focus_areas.get()
    foreign = make_piece(cast.other_student, cast.user("other_guardian"), "Foreign")
    about = Line("Menuet", about=About(piece=minuet.pk), minutes=10, tempo=80, repetitions=3)
    return [
        plain,
        replace(plain, lines=[about, Line("Scale", kind="exercise"), Line("Third")], minutes=31),
        replace(plain, is_private=True, struggles="Ä hard bar", notes="line\r\nbreak"),
        replace(plain, addressed_to=cast.second_teaching),
        replace(plain, focus_areas=[tone, own], preparing_for_exam=True, enjoyment=5, mood=1),
        replace(plain, practised_on=today - 400 * DAY, started_at_time=datetime.now(UTC).time()),
        replace(plain, practised_on=today + DAY),
        replace(plain, minutes=0),
        replace(plain, minutes=301),
        replace(plain, lines=[Line("Tempo", tempo=-5)]),
        replace(plain, lines=[Line("Long", minutes=31)]),
        replace(plain, lines=[Line("Short", minutes=3)]),
        replace(plain, lines=[Line(" ")]),
        replace(plain, lines=[Line("x")] * 31),
        replace(plain, lines=[], description="short"),
        replace(plain, notes="x" * 5001),
        replace(plain, lines=[Line("Foreign", about=About(piece=foreign.pk))]),
        replace(plain, focus_areas=[theirs]),
        replace(plain, practised_on=today - 3 * DAY, minutes=300),
        *[replace(plain, practised_on=today - 3 * DAY, minutes=300)] * 4,
        replace(plain, practised_on=today - 3 * DAY, minutes=5, preparing_for_performance=True),
    ]


def rows_of(model: Any, *without: str, **which: Any) -> list[Any]:
    found = model.objects.filter(**which).values()
    return sorted(
        (sorted((key, str(value)) for key, value in row.items() if key not in without) for row in found),
        key=str,
    )


def state_of(student: Student) -> dict[str, Any]:
    """All that a save writes, but for moments and numbers that are new each time."""
    entries = PracticeEntry.objects.filter(student=student)
    keys = list(entries.values_list("pk", flat=True))
    moments = ("created_at", "marked_at", "id", "pgh_id", "pgh_created_at", "pgh_context_id")
    return {
        "entries": rows_of(PracticeEntry, "created_at", student=student),
        "lines": rows_of(PracticeItem, "id", entry__in=keys),
        "words": rows_of(EntryWords, entry__in=keys),
        "areas": rows_of(PracticeEntry.focus_areas.through, "id", practiceentry__in=keys),
        "days": rows_of(PracticeDay, "id", student=student),
        "marks": rows_of(NewMark, *moments, entry__in=keys),
        "versions": rows_of(revisions(PracticeEntry), *moments, student=student),
        "versions of lines": len(rows_of(revisions(PracticeItem), entry__in=keys)),
        "order": list(entries.order_by("practised_on", "created_at").values_list("pk", flat=True)),
    }


@pytest.fixture
def heard() -> Any:
    """What is announced, by the kind of news."""
    found: list[tuple[str, UUID]] = []

    def listen(name: str) -> Callable[..., None]:
        def hear(entry_id: UUID, **_more: Any) -> None:
            found.append((name, entry_id))

        return hear

    listeners = {name: listen(name) for name in ("entry_logged", "entry_deleted")}
    for name, listener in listeners.items():
        getattr(signals, name).connect(listener, weak=False)
    yield found
    for name, listener in listeners.items():
        getattr(signals, name).disconnect(listener)


def one_by_one(cast: Cast, entries: Sequence[NewEntry]) -> dict[UUID, str]:
    refused, now = {}, timezone.now()
    for number, entry in enumerate(entries):
        moment = now + timedelta(microseconds=number)
        try:
            services.log_entry(
                key=entry.key,
                student=cast.student,
                by=cast.user("guardian"),
                content=entry.content,
                now=moment,
            )
        except services.EntryIsNotPossible as error:
            refused[entry.key] = type(error).__name__
    return refused


def test_the_same_as_one_by_one(
    cast: Cast, minuet: Piece, heard: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    entries = [NewEntry(key=uuid4(), content=content) for content in sessions(cast, minuet)]
    point = transaction.savepoint()
    with django_capture_on_commit_callbacks(execute=True):
        singly = one_by_one(cast, entries)
    first, news = state_of(cast.student), list(heard)
    transaction.savepoint_rollback(point)
    heard.clear()
    now = timezone.now()
    foreseen = find_refusals(
        student=cast.student, entries=entries, now=now, totals=DayTotals(cast.student.pk)
    )
    with django_capture_on_commit_callbacks(execute=True):
        refused = log_entries(student=cast.student, by=cast.user("guardian"), entries=entries, now=now)
    assert len(singly) == 13
    assert {key: type(error).__name__ for key, error in refused.items()} == singly
    assert {key: type(error).__name__ for key, error in foreseen.items()} == singly
    assert state_of(cast.student) == first
    assert heard == news != []


def test_what_is_saved_already_is_left_alone(cast: Cast, minuet: Piece) -> None:
    entries = [NewEntry(key=uuid4(), content=content) for content in sessions(cast, minuet)[:6]]
    given: dict[str, Any] = {"student": cast.student, "by": cast.user("guardian"), "now": timezone.now()}
    log_entries(entries=entries[:3], **given)
    assert log_entries(entries=entries, **given) == {}
    before = state_of(cast.student)
    assert log_entries(entries=entries, **given) == {}
    assert state_of(cast.student) == before


def test_history_is_no_news(cast: Cast, minuet: Piece) -> None:
    old, new = sessions(cast, minuet)[5], sessions(cast, minuet)[0]
    entries = [NewEntry(key=uuid4(), content=content) for content in (old, new)]
    log_entries(
        student=cast.student,
        by=cast.user("guardian"),
        entries=entries,
        now=timezone.now(),
        news_since=new.practised_on,
    )
    marked = NewMark.objects.filter(entry__in=[entry.key for entry in entries])
    assert set(marked.values_list("entry", flat=True)) == {entries[1].key}


def test_a_zone_that_a_file_says_is_kept(cast: Cast, minuet: Piece) -> None:
    entry = NewEntry(key=uuid4(), content=sessions(cast, minuet)[0], time_zone="Asia/Tokyo")
    log_entries(student=cast.student, by=cast.user("guardian"), entries=[entry], now=timezone.now())
    assert PracticeEntry.objects.get(pk=entry.key).time_zone == "Asia/Tokyo"


def test_nothing_is_written_where_nothing_may_be(cast: Cast, minuet: Piece) -> None:
    entry = NewEntry(key=uuid4(), content=sessions(cast, minuet)[0])
    Student.objects.filter(pk=cast.student.pk).update(collecting=False)
    given: dict[str, Any] = {"student": cast.student, "entries": [entry], "now": timezone.now()}
    with pytest.raises(CollectionIsOff):
        log_entries(by=cast.user("guardian"), **given)
    with pytest.raises(CollectionIsOff):
        find_refusals(totals=DayTotals(cast.student.pk), **given)
    assert not PracticeEntry.objects.filter(pk=entry.key).exists()


def test_days_that_are_full_stay_full_from_batch_to_batch(cast: Cast) -> None:
    day = date(2026, 1, 1)
    content = EntryContent(practised_on=day, minutes=290, lines=[Line("Song")])
    totals, found = DayTotals(cast.student.pk), []
    for _each in range(6):
        entry = NewEntry(key=uuid4(), content=content)
        refused = find_refusals(student=cast.student, entries=[entry], now=timezone.now(), totals=totals)
        found.append(type(refused.get(entry.key)).__name__)
    assert found == ["NoneType"] * 4 + ["DayIsTooLong"] * 2


def queries_for(cast: Cast, count: int) -> int:
    today = cast.student.today(timezone.now())
    content = EntryContent(practised_on=today, minutes=1, lines=[Line("Song"), Line("Scale")])
    entries = [
        NewEntry(key=uuid4(), content=replace(content, practised_on=today - number * DAY))
        for number in range(count)
    ]
    with CaptureQueriesContext(connection) as found:
        log_entries(student=cast.student, by=cast.user("guardian"), entries=entries, now=timezone.now())
    return len(found)


def test_it_costs_the_same_for_one_and_many(cast: Cast) -> None:
    assert queries_for(cast, 1) == queries_for(cast, 80)


def test_untouched_ones_go_together(
    cast: Cast, heard: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    """As ``delete_entry`` deletes each; what was changed, talked about, or is not theirs any more stays."""
    by, now = cast.user("guardian"), timezone.now()
    plain, twin, changed, talked = (make_entry(cast.student, by, minutes=n) for n in (10, 10, 20, 30))
    locked = make_entry(cast.student, by, minutes=40, now=now - 2 * DAY)
    foreign = make_entry(cast.other_student, cast.user("other_guardian"))
    content = EntryContent(practised_on=changed.practised_on, minutes=21, lines=[Line("Other")])
    services.change_entry(entry=changed, by=by, content=content, now=now)
    services.add_comment(key=uuid4(), entry=talked, by=by, role=AuthorRole.GUARDIAN, body="Well", now=now)
    point = transaction.savepoint()
    for entry in (plain, twin):
        services.delete_entry(entry=entry, by=by, now=now)
    first = state_of(cast.student)
    transaction.savepoint_rollback(point)
    heard.clear()
    asked = [entry.pk for entry in (plain, twin, changed, talked, locked, foreign)]
    with django_capture_on_commit_callbacks(execute=True):
        gone = delete_untouched(student=cast.student, entries=asked, by=by, now=now)
    assert gone == {plain.pk, twin.pk}
    assert state_of(cast.student) == first
    assert {key for name, key in heard if name == "entry_deleted"} == gone
    assert delete_untouched(student=cast.student, entries=asked, by=by, now=now) == set()
