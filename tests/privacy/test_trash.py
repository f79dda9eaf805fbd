"""What was deleted by hand goes for good after a month, with its versions, unless somebody holds it."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model
from django.utils import timezone

from apps.core import holds
from apps.practice import services as practice
from apps.practice.content import About, Line
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.privacy.services import trash
from apps.privacy.tasks import purge_deleted
from apps.repertoire.services import delete_piece
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece, make_section

from .dumps import dump, tables_with

MONTH = timedelta(days=30)


@pytest.fixture
def deleted(cast: Cast) -> PracticeEntry:
    """An entry with lines, areas and a comment, deleted a month ago."""
    practice.add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user("teacher"),
        role=AuthorRole.TEACHER,
        body="Qzsharedcomment",
        now=timezone.now(),
    )
    practice.delete_entry(entry=cast.entry, by=cast.user("guardian"), now=timezone.now() - MONTH)
    return cast.entry


def test_an_entry_goes_with_all_that_hangs_on_it(cast: Cast, deleted: PracticeEntry) -> None:
    others = PracticeEntry.objects.exclude(pk=deleted.pk).count()
    assert "practice_practiceentryrevision" in tables_with("Qzshared")
    assert trash.purge(now=timezone.now() - timedelta(minutes=1)) == 0
    purge_deleted()
    assert tables_with("Qzshared", str(deleted.pk)) == []
    assert PracticeEntry.objects.count() == others
    assert trash.purge(now=timezone.now()) == 0


def test_a_piece_goes_and_the_lines_about_it_keep_their_words(cast: Cast) -> None:
    by, now = cast.user("guardian"), timezone.now()
    piece = make_piece(cast.student, by)
    section = make_section(piece, by)
    lines = [Line("Minuet: beginning", tempo=80, about=About(piece=piece.pk, section=section.pk))]
    entry = make_entry(cast.student, by, lines=lines)
    delete_piece(piece=piece, by=by, now=now - MONTH)
    assert trash.purge(now=timezone.now()) == 1
    item = entry.items.get()
    assert (item.title, item.tempo, item.piece, item.section) == ("Minuet: beginning", 80, None, None)


def test_a_comment_goes_and_its_entry_stays(cast: Cast) -> None:
    comment = practice.add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user("teacher"),
        role=AuthorRole.TEACHER,
        body="Qzopen words",
        now=timezone.now(),
    )
    practice.delete_comment(comment=comment, now=timezone.now() - MONTH)
    assert trash.purge(now=timezone.now()) == 1
    assert not EntryComment.objects.filter(pk=comment.pk).exists()
    assert tables_with("Qzopen words") == []
    assert PracticeEntry.objects.filter(pk=cast.entry.pk).exists()


def test_what_is_not_deleted_stays(cast: Cast) -> None:
    before = dump()
    assert trash.purge(now=timezone.now() + MONTH * 100) == 0
    assert dump() == before


@pytest.mark.parametrize("model", [PracticeEntry, EntryComment])
def test_what_somebody_holds_stays_and_what_it_hangs_on(
    cast: Cast, deleted: PracticeEntry, monkeypatch: pytest.MonkeyPatch, model: type[Model]
) -> None:
    def hold(asked: type[Model], keys: Collection[Any]) -> Collection[Any]:
        return keys if asked is model else ()

    monkeypatch.setattr(holds, "_holds", [])
    assert holds.holds(hold) is hold
    assert trash.purge(now=timezone.now()) == 0
    assert PracticeEntry.objects.filter(pk=deleted.pk).exists()
    assert EntryComment.objects.filter(entry=deleted).exists()


def test_what_cannot_go_keeps_nothing_else(
    cast: Cast, deleted: PracticeEntry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    original = trash._delete

    def broken(model: type[Model], keys: set[Any]) -> None:
        if model is EntryComment:
            raise OSError
        original(model, keys)

    comment = EntryComment.objects.get(entry=deleted)
    practice.delete_comment(comment=comment, now=timezone.now() - MONTH)
    monkeypatch.setattr(trash, "_delete", broken)
    assert trash.purge(now=timezone.now()) == 0
    assert "practice.EntryComment cannot be purged" in caplog.text
