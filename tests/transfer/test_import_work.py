"""An import after somebody has confirmed it: worked off in pieces, ended, taken back, forgotten."""

from datetime import timedelta
from functools import partial
from operator import add
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student
from apps.practice import services as practice
from apps.practice.content import EntryContent
from apps.practice.models import PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.transfer import services
from apps.transfer.models import Import, ImportRow
from apps.transfer.services import checking, importing, work
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
    done = importer.bring(csv_file(f"Date,Minutes,Piece\n{day},5,Song\nnever,5,Song\n"))
    orphan = default_storage.save("imports/orphan", csv_file("x"))
    services.forget_old(now=timezone.now() + timedelta(hours=23))
    assert Import.objects.filter(pk=waiting.pk).exists()
    assert not default_storage.exists(orphan)
    services.forget_old(now=timezone.now() + timedelta(hours=25))
    assert not Import.objects.filter(pk=waiting.pk).exists()
    assert not default_storage.exists(waiting.path)
    assert [row.is_added for row in done.rows.all()] == [True]


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


def test_checking_from_the_beginning_again(
    importer: Importer, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "CHUNK", 1)
    batch = importer.check(csv_file(TABLE.format(day=day)))
    importer.columns(batch)
    assert batch.rows.count() == 2
