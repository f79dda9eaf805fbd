"""The lines of an entry: what they are attached to, and their shares of its minutes."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from apps.practice.content import About, Line
from apps.practice.dividing import divide
from apps.practice.models import PracticeEntry, PracticeItem
from apps.repertoire.models import Piece, PieceSection, Skill


def add_up(lines: Sequence[Line], minutes: int) -> bool:
    """Whether the lines can add up to the minutes: the said ones do, or leave something to the others."""
    said = sum(line.minutes or 0 for line in lines)
    return said == minutes or not lines or (said < minutes and any(line.minutes is None for line in lines))


def are_there(abouts: Collection[About], student_id: UUID, kept: PracticeEntry | None = None) -> bool:
    """Whether all of this is the student's, and each section one of its piece; or the entry says so already.

    Pieces are held until the end of the transaction: a merge waits, and then takes the lines along. In the
    order of their keys, as the merge holds them, so the two never cross.
    """
    attached = set(filter(None, abouts))
    pieces = {None, *_held(Piece, {about.piece for about in attached if about.piece}, student_id)}
    skills = {None, *_held(Skill, {about.skill for about in attached if about.skill}, student_id)}
    sections = _sections({about.section for about in attached if about.section})
    there = {
        about
        for about in attached
        if about.piece in pieces
        and about.skill in skills
        and (about.section is None or (about.section, about.piece) in sections)
    }
    return there == attached or (kept is not None and attached - there <= _saved(kept))


def _held(model: type[Piece | Skill], keys: Collection[UUID], student_id: UUID) -> Collection[UUID]:
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
    written = list(lines)
    shares = divide(entry.minutes, [line.minutes for line in written])
    PracticeItem.objects.bulk_create(
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
    )


def move_lines(*, piece: UUID, into: UUID) -> None:
    """Two pieces became one. No entry changes by it: its words stay."""
    PracticeItem.objects.filter(piece=piece).update(piece=into)
