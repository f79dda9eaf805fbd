"""The lines of an entry: what they are attached to, and their shares of its minutes."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction

from apps.gear.models import Gear
from apps.practice.content import About, EntryContent, Line
from apps.practice.dividing import add_up, divide
from apps.practice.models import PracticeEntry, PracticeItem
from apps.practice.models.entries import LONGEST_TITLE, MOST_REPETITIONS, ItemKind
from apps.practice.shares import write_shares
from apps.repertoire.models import Occasion, Piece, PieceSection, Skill
from apps.repertoire.models.pieces import FASTEST, SLOWEST

from .errors import (
    LineHasNoTitle,
    LineIsTooLong,
    LineKindIsUnknown,
    LineMinutesAreNotPossible,
    LinesAreLongerThanTheSession,
    LinesAreShorterThanTheSession,
    RepetitionsAreNotPossible,
    TempoIsNotPossible,
    TooManyLines,
)

MOST_LINES = 30
LONGEST_LINE = 1440


def check_lines(content: EntryContent, kept: PracticeEntry | None) -> None:
    """Each line by itself, then all of them together. Raises EntryIsNotPossible."""
    if len(content.lines) > MOST_LINES:
        raise TooManyLines
    for line in content.lines:
        _check_line(line)
    said = [line.minutes for line in content.lines]
    if sum(filter(None, said)) > content.minutes:
        raise LinesAreLongerThanTheSession
    if not (add_up(content.minutes, said) or _said_so_before(content.minutes, said, kept)):
        raise LinesAreShorterThanTheSession


def _check_line(line: Line) -> None:
    if not line.title.strip():
        raise LineHasNoTitle
    if len(line.title) > LONGEST_TITLE:
        raise LineIsTooLong
    if line.kind not in ItemKind.values:
        raise LineKindIsUnknown
    bounds = [
        (line.minutes, 1, LONGEST_LINE, LineMinutesAreNotPossible),
        (line.tempo, SLOWEST, FASTEST, TempoIsNotPossible),
        (line.repetitions, 1, MOST_REPETITIONS, RepetitionsAreNotPossible),
    ]
    for value, least, most, error in bounds:
        if value is not None and not least <= value <= most:
            raise error


def _said_so_before(minutes: int, said: Sequence[int | None], kept: PracticeEntry | None) -> bool:
    """Entries from before may have lines that fall short. Nobody is asked about that who changes a note."""
    if kept is None or kept.minutes != minutes:
        return False
    return list(kept.items.order_by("position").values_list("minutes", flat=True)) == list(said)


def are_there(abouts: Collection[About], student_id: UUID, kept: PracticeEntry | None = None) -> bool:
    """Whether all of this is the student's, and each section one of its piece; or the entry says so already.

    Pieces are held until the end of the transaction: a merge waits, and then takes the lines along. In the
    order of their keys, as the merge holds them, so the two never cross.
    """
    attached = set(filter(None, abouts))
    pieces = {None, *held(Piece, {about.piece for about in attached if about.piece}, student_id)}
    skills = {None, *held(Skill, {about.skill for about in attached if about.skill}, student_id)}
    sections = _sections({about.section for about in attached if about.section})
    there = {
        about
        for about in attached
        if about.piece in pieces
        and about.skill in skills
        and (about.section is None or (about.section, about.piece) in sections)
    }
    return there == attached or (kept is not None and attached - there <= _saved(kept))


def held(
    model: type[Piece | Skill | Gear | Occasion], keys: Collection[UUID], student_id: UUID
) -> Collection[UUID]:
    """Those of the rows that are the student's and not deleted, held until the end of the transaction."""
    if not keys:
        return ()
    rows = model._default_manager.filter(pk__in=keys, student=student_id, deleted_at__isnull=True)
    return rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)


def _sections(keys: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Each with its piece."""
    if not keys:
        return set()
    return set(PieceSection.objects.kept().filter(pk__in=keys).values_list("pk", "piece"))


def _saved(entry: PracticeEntry) -> set[About]:
    return {About(*row) for row in entry.items.values_list("piece", "section", "skill")}


def write_lines(entry: PracticeEntry, lines: Iterable[Line]) -> None:
    PracticeItem.objects.bulk_create(items_of(entry, lines))


def items_of(entry: PracticeEntry, lines: Iterable[Line]) -> list[PracticeItem]:
    """Rows that nobody has saved yet."""
    written = list(lines)
    shares = divide(entry.minutes, [line.minutes for line in written])
    return [
        PracticeItem(
            entry=entry,
            position=position,
            title=line.title,
            kind=line.kind,
            minutes=line.minutes,
            share_minutes=share,
            tempo=line.tempo,
            repetitions=line.repetitions,
            piece_id=line.about.piece,
            section_id=line.about.section,
            skill_id=line.about.skill,
        )
        for position, (line, share) in enumerate(zip(written, shares, strict=True))
    ]


@transaction.atomic
def recount_shares(*, entry_id: UUID) -> None:
    """Divide the minutes of an entry anew; for repairs. Who changes the entry writes it first: they wait."""
    held = PracticeEntry.objects.select_for_update(no_key=True).filter(pk=entry_id)
    write_shares(connection, list(held.values_list("pk", flat=True)))


def move_lines(*, piece: UUID, into: UUID) -> None:
    """Two pieces became one. No entry changes by it: its words stay."""
    PracticeItem.objects.filter(piece=piece).update(piece=into)
