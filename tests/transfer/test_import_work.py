"""An import after somebody has confirmed it: worked off in pieces, ended, taken back, forgotten."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from operator import add
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.practice import services as practice
from apps.practice.content import EntryContent
from apps.practice.models import FocusArea, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.services.areas import MOST_AREAS, name_areas
from apps.repertoire.services import TooMany
from apps.transfer import services
from apps.transfer.models import Import, ImportRow
from apps.transfer.services import checking, importing, leases, uploads, work
from tests.conftest import Cast

from .conftest import TABLE, Importer, csv_file, entries_of, verdicts


def test_undo_takes_all_but_what_somebody_touched(cast: Cast, importer: Importer, day: str) -> None:
    text = "Date,Minutes,Piece\n" + "".join(f"{day},{n},Song {n}\n" for n in range(1, 6))
    batch = importer.bring(csv_file(text))
    entries, by, now = entries_of(batch), cast.user("guardian"), timezone.now()
    content = EntryContent(practised_on=entries[0].practised_on, minutes=1, description="Changed by hand")
    practice.change_entry(entry=entries[0], by=by, content=content, now=now)
    practice.add_comment(
        key=uuid4(), entry=entries[1], by=by, role=AuthorRole.GUARDIAN, body="Bravo", now=now
    )
    practice.delete_entry(entry=entries[2], by=by, now=now)
    batch = importer.undo(batch)
    assert (batch.state, batch.removed) == ("undone", 2)
    kept = PracticeEntry.objects.kept().filter(pk__in=[entry.pk for entry in entries])
    assert set(kept) == {entries[0], entries[1]}
    page = importer.page(batch)
    assert "2 sessions were taken back." in page
    assert reverse("practice:entry-detail", args=[entries[0].pk]) in page
    assert reverse("practice:entry-detail", args=[entries[2].pk]) not in page
    # What is gone may come again, what stayed may not.
    again = importer.check(csv_file(text))
    assert [verdict for verdict, _codes in verdicts(again).values()] == ["known", "known", "ok", "ok", "ok"]


def test_a_killed_worker_is_gone_on_with(
    cast: Cast, importer: Importer, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the middle of the second piece: the first is in and noted, of the second nothing is."""
    text = "Date,Minutes,Piece\n" + "".join(f"{day},{n},Song {n}\n" for n in range(1, 8))
    batch = importer.check(csv_file(text))
    monkeypatch.setattr(importing, "CHUNK", 3)
    calls = []

    class Killed(BaseException):
        """What no handler catches."""

    def note(*given: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        return real(*given)

    real = importing._note
    monkeypatch.setattr(importing, "_note", note)
    services.ask_import(batch=batch, by=cast.user("guardian"), now=timezone.now())
    with pytest.raises(Killed):
        services.run_now(batch=batch, clock=timezone.now)
    batch.refresh_from_db()
    assert (batch.state, batch.added, len(entries_of(batch))) == ("importing", 3, 3)
    # Its lease holds for a while, then another one goes on.
    assert services.run_due(clock=timezone.now) == 0
    later = timezone.now() + timedelta(minutes=6)
    assert services.run_due(clock=lambda: later) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.added, len(entries_of(batch))) == ("done", 7, 7)


def test_a_large_file_is_the_workers(importer: Importer, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "SMALL", 1)
    batch = importer.check(csv_file(TABLE.format(day=day)))
    assert batch.state == "checking"
    assert "The rows are being looked through" in importer.page(batch)
    assert services.run_due(clock=timezone.now) == 1
    importer.client.post(reverse("transfer:import-start", args=[batch.pk]))
    assert "The sessions are going in" in importer.page(batch)
    assert services.run_due(clock=timezone.now) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.added, batch.rows_done) == ("done", 2, 2)


def test_what_cannot_be_read_three_times_has_failed(
    importer: Importer, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = importer.check(csv_file(TABLE.format(day=day)))

    def broken(*_given: Any) -> None:
        raise RuntimeError

    monkeypatch.setitem(work.STEPS, "importing", broken)
    importer.client.post(reverse("transfer:import-start", args=[batch.pk]))
    for turn in (2, 3):
        services.run_due(clock=partial(add, timezone.now(), timedelta(hours=turn)))
    batch.refresh_from_db()
    assert (batch.state, batch.last_error, batch.path) == ("failed", "RuntimeError", "")
    assert "We could not go on with this file." in importer.page(batch)


def test_what_may_not_be_written_any_more_stops_it(cast: Cast, importer: Importer, day: str) -> None:
    batch = importer.check(csv_file(TABLE.format(day=day)))
    Student.objects.filter(pk=cast.student.pk).update(collecting=False)
    importer.client.post(reverse("transfer:import-start", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.last_error, batch.added) == ("failed", "CollectionIsOff", 0)


def test_the_file_goes_when_it_is_through(importer: Importer, day: str) -> None:
    batch = importer.check(csv_file(TABLE.format(day=day)))
    path = batch.path
    assert default_storage.exists(path)
    importer.client.post(reverse("transfer:import-start", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.path, batch.samples) == ("", [])
    assert not default_storage.exists(path)
    assert not [row for row in batch.rows.all() if row.content]


def test_after_a_day_nothing_is_left_of_what_did_not_go_in(importer: Importer, day: str) -> None:
    waiting = importer.upload(csv_file(TABLE.format(day=day)))
    done = importer.bring(csv_file(f"Date,Minutes,Piece,Exam\n{day},5,Song,Words of mine\nnever,5,Song,\n"))
    assert [code for code, _values in done.rows.get(is_added=True).problems] == ["flag_unclear"]
    orphan = default_storage.save("imports/orphan", csv_file("x"))
    services.forget_old(now=timezone.now() + timedelta(hours=23))
    assert Import.objects.filter(pk=waiting.pk).exists()
    assert not default_storage.exists(orphan)
    services.forget_old(now=timezone.now() + timedelta(hours=25))
    assert not Import.objects.filter(pk=waiting.pk).exists()
    assert not default_storage.exists(waiting.path)
    # Of what went in, none of the file's words.
    assert [(row.is_added, row.problems, row.content) for row in done.rows.all()] == [(True, [], {})]


def test_rather_not(importer: Importer, day: str) -> None:
    batch = importer.check(csv_file(TABLE.format(day=day)))
    path = batch.path
    answer = importer.client.post(reverse("transfer:import-drop", args=[batch.pk]), follow=True)
    assert "Nothing was brought in" in answer.content.decode()
    assert not Import.objects.filter(pk=batch.pk).exists()
    assert not ImportRow.objects.filter(batch=batch.pk).exists()
    assert not default_storage.exists(path)


def test_too_many_files_in_a_day(importer: Importer, day: str, settings: Any) -> None:
    settings.IMPORTS_PER_DIARY_AND_DAY = 1
    importer.upload(csv_file(TABLE.format(day=day)))
    assert "many files today" in importer.send(csv_file(TABLE.format(day=day))).content.decode()


def test_a_file_that_was_dropped_has_had_its_turn(
    importer: Importer, day: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the one that is too many is not even opened."""
    settings.IMPORTS_PER_DIARY_AND_DAY = 1
    batch = importer.upload(csv_file(TABLE.format(day=day)))
    importer.client.post(reverse("transfer:import-drop", args=[batch.pk]))
    monkeypatch.setattr(uploads, "open_table", lambda _file: pytest.fail("it was opened"))
    assert "many files today" in importer.send(csv_file(TABLE.format(day=day))).content.decode()


def test_checking_from_the_beginning_again(
    importer: Importer, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "CHUNK", 1)
    batch = importer.check(csv_file(TABLE.format(day=day)))
    importer.columns(batch)
    assert batch.rows.count() == 2


def hung(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """A worker that fails when another one has its import already."""

    def step(batch: Import, _clock: Any) -> None:
        Import.objects.filter(pk=batch.pk).update(lease_until=timezone.now() + timedelta(minutes=9))
        raise error

    monkeypatch.setitem(work.STEPS, "importing", step)


@pytest.mark.parametrize("attempts", [0, 2])
@pytest.mark.parametrize("error", [RuntimeError(), services.FileIsGone()])
def test_a_worker_that_was_given_up_leaves_its_successor_alone(
    cast: Cast,
    importer: Importer,
    day: str,
    error: Exception,
    attempts: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = importer.check(csv_file(TABLE.format(day=day)))
    services.ask_import(batch=batch, by=cast.user("guardian"), now=timezone.now())
    Import.objects.filter(pk=batch.pk).update(attempts=attempts)
    hung(monkeypatch, error)
    services.run_now(batch=batch, clock=timezone.now)
    batch.refresh_from_db()
    assert (batch.state, batch.last_error) == ("importing", "")
    assert batch.lease_until is not None
    assert batch.lease_until > timezone.now() + timedelta(minutes=8)


def after_a_piece(monkeypatch: pytest.MonkeyPatch, happen: Callable[[], object], rows: int = 3) -> None:
    """Something happens when the first piece of so many rows is in."""
    monkeypatch.setattr(importing, "CHUNK", rows)
    keep, calls = leases.keep, []

    def kept(*given: Any, **values: Any) -> None:
        keep(*given, **values)
        calls.append(1)
        if len(calls) == 1:
            happen()

    monkeypatch.setattr(importing, "keep", kept)


def test_who_closed_their_account_brings_nothing_more(
    cast: Cast, importer: Importer, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = importer.check(csv_file("Date,Minutes,Piece\n" + "".join(f"{day},{n},A\n" for n in range(1, 8))))
    guardian = cast.user("guardian")
    after_a_piece(monkeypatch, lambda: User.objects.filter(pk=guardian.pk).update(is_active=False))
    services.ask_import(batch=batch, by=guardian, now=timezone.now())
    services.run_now(batch=Import.objects.get(pk=batch.pk), clock=timezone.now)
    batch.refresh_from_db()
    assert (batch.state, batch.last_error, batch.added) == ("failed", "NotAllowedAnyMore", 3)


def test_who_is_no_family_any_more_brings_nothing_private(cast: Cast, importer: Importer, day: str) -> None:
    """A guardian looks it through, and is a guest who may log when it goes in."""
    text = f"Date,Minutes,Piece,Private,Focus\n{day},5,A,yes,\n{day},6,B,,Own thing\n{day},7,C,,Tone\n"
    batch = importer.check(csv_file(text))
    services.ask_import(batch=batch, by=cast.user("logger"), now=timezone.now())
    services.run_now(batch=batch, clock=timezone.now)
    batch.refresh_from_db()
    assert (batch.state, batch.added) == ("done", 2)
    assert verdicts(batch) == {
        2: ("refused", ["not_for_guests"]),
        3: ("warning", ["area_left_out"]),
        4: ("ok", []),
    }
    assert not FocusArea.objects.filter(student=cast.student, name="Own thing").exists()


def many_areas(day: str, count: int) -> str:
    rows = "".join(f"{day},{n + 1},Song {n},Area {n}\n" for n in range(count))
    return f"Date,Minutes,Piece,Focus\n{rows}"


def test_own_areas_that_there_is_no_room_for_are_said_before(
    cast: Cast, importer: Importer, day: str
) -> None:
    there = FocusArea.objects.offered_to(cast.student.pk).count()
    batch = importer.check(csv_file(many_areas(day, 33)))
    poorer = [row for row, said in verdicts(batch).items() if said == ("warning", ["area_left_out"])]
    assert poorer == list(range(32 - there, 35))
    assert "What it was about, “Area 32”, is left out." in importer.page(batch)


def test_own_areas_that_are_made_meanwhile_leave_less_room(cast: Cast, importer: Importer, day: str) -> None:
    """Said when it is looked through, and again of what there is no room for when it goes in."""
    batch = importer.check(csv_file(many_areas(day, 3)))
    name_areas(student=cast.student, names=[f"Other {n}" for n in range(29)])
    room = MOST_AREAS - FocusArea.objects.offered_to(cast.student.pk).count()
    importer.client.post(reverse("transfer:import-start", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.added == 3
    said = [codes for _verdict, codes in verdicts(batch).values()]
    assert said == [[]] * room + [["area_left_out"]] * (3 - room)


def test_thousands_of_areas_in_a_cell_are_one_sentence(importer: Importer, day: str) -> None:
    names = ";".join(f"Area {n}" for n in range(5000))
    batch = importer.check(csv_file(f'Date,Minutes,Piece,Focus\n{day},5,Song,"{names}"\n'))
    row = batch.rows.get()
    assert len(row.content["own_areas"]) <= MOST_AREAS
    assert {code for code, _values in row.problems} == {"area_left_out"}
    assert len(row.problems) <= 2
    assert max(len(value) for _code, values in row.problems for value in values) < 80


def test_once_there_are_too_many_pieces_no_other_is_tried(
    importer: Importer, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def full(**given: Any) -> None:
        tried.append(given)
        raise TooMany(500)

    monkeypatch.setattr(importing, "add_piece", full)
    rows = "".join(f"{day},{n},Never heard of {n}\n" for n in range(1, 9))
    batch = importer.bring(csv_file(f"Date,Minutes,Piece\n{rows}"), make="on")
    assert (batch.added, len(tried)) == (8, 1)


def test_of_what_nobody_has_counted_the_worker_takes_care(importer: Importer, day: str) -> None:
    """Of a sheet at an unusual place the rows are not known before they are read."""
    batch = importer.upload(csv_file(TABLE.format(day=day)))
    Import.objects.filter(pk=batch.pk).update(row_count=0)
    importer.columns(batch)
    batch.refresh_from_db()
    assert batch.state == "checking"


@pytest.mark.parametrize(("make", "state"), [("on", "importing"), ("", "done")])
def test_pieces_that_are_to_be_made_are_the_workers(
    importer: Importer, day: str, make: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They take their time, one by one."""
    monkeypatch.setattr(work, "SMALL_WITH_LISTS", 1)
    assert importer.bring(csv_file(TABLE.format(day=day)), make=make).state == state
