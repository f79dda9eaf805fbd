"""What is right goes in, piece by piece: each with its days' totals, its words and the note that it is in, in
one transaction. Whatever ends the worker, a row is in and noted, or neither.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction

from apps.accounts.models import User
from apps.practice.content import NOTHING, EntryContent, Line
from apps.practice.models import FocusArea
from apps.practice.models.entries import ItemKind
from apps.practice.queries import DiaryHead, Things
from apps.practice.services.areas import name_areas
from apps.practice.services.bulk import NewEntry, Refusals, log_entries
from apps.practice.services.errors import NotTheirs
from apps.repertoire.content import PieceContent, SkillContent
from apps.repertoire.models.pieces import LONGEST_COMPOSER, LONGEST_TITLE
from apps.repertoire.models.skills import LONGEST_NAME, SHORTEST_NAME
from apps.repertoire.services import NotPossible, TooMany, add_piece, add_skill
from apps.transfer.contents import content_of
from apps.transfer.drafts import Problem
from apps.transfer.models import Import, ImportRow, ImportState
from apps.transfer.queries import known_counts
from apps.transfer.verdicts import Verdict

from .checking import CHUNK, refuse, written
from .diaries import head_of, options_of, teachings_of
from .leases import Clock, keep, settle

RIGHT = (Verdict.OK, Verdict.WARNING)
# What was practised before is history, and no news to anybody's teacher.
NEWS = timedelta(days=28)
_COMPOSER = re.compile(r"(.+\S) \(([^()]+)\)")


def bring_in(batch: Import, clock: Clock) -> None:
    while _bring_chunk(batch, clock):
        pass
    settle(batch, ImportState.DONE, now=clock())


@transaction.atomic
def _bring_chunk(batch: Import, clock: Clock) -> bool:
    """False when there is nothing left to do. Raises NotAllowedAnyMore, CollectionIsOff, LeaseIsLost."""
    rows = list(batch.rows.filter(verdict__in=RIGHT, is_handled=False).order_by("number")[:CHUNK])
    if not rows:
        return False
    # This takes the student's lock, which every write of the diary waits for, and so does whoever closes it:
    # who may write is asked behind it, and what is compared is what stands.
    areas = _areas(batch, rows)
    head = head_of(batch, with_names=True)
    assert batch.uploaded_by is not None  # noqa: S101  (the head would not have been found)
    known = _known(batch, head, rows)
    coming = [row for row in rows if row.number not in known]
    things = _things(batch, head.known, coming, batch.uploaded_by, clock) if coming else None
    teachings = teachings_of(batch.student_id)
    entries = [
        NewEntry(
            key=batch.key_of(row.number),
            content=content_of(row.content, areas=areas, things=things, teachings=teachings),
            time_zone=row.content["time_zone"],
        )
        for row in coming
    ]
    now = clock()
    refused = _logged(batch, entries, batch.uploaded_by, now, head.student.today(now) - NEWS)
    added = _note(batch, rows, known, refused)
    keep(batch, now=now, rows_done=batch.rows_done + len(rows), added=batch.added + added, attempts=1)
    return True


def _areas(batch: Import, rows: Sequence[ImportRow]) -> dict[str, FocusArea]:
    own = dict.fromkeys(name for row in rows for name in row.content["own_areas"])
    found = name_areas(student=batch.student, names=list(own))
    return found | {area.slug: area for area in FocusArea.objects.shipped()}


def _known(batch: Import, head: DiaryHead, rows: Sequence[ImportRow]) -> set[int]:
    """Rows that the diary has by now: another page, or another import, was quicker."""
    counts = known_counts(head, ((row.fingerprint, row.content) for row in rows), but=batch)
    return {row.number for row in rows if counts.get(row.fingerprint, 0) >= row.ordinal}


def _logged(
    batch: Import, entries: Sequence[NewEntry], by: User, now: datetime, news_since: date
) -> Refusals:
    """A piece that was deleted or merged at this very moment leaves its words behind, and no row outside."""
    refused = log_entries(student=batch.student, by=by, entries=entries, now=now, news_since=news_since)
    loose = [
        replace(entry, content=_loose(entry.content))
        for entry in entries
        if isinstance(refused.get(entry.key), NotTheirs)
    ]
    if loose:
        for entry in loose:
            del refused[entry.key]
        refused |= log_entries(student=batch.student, by=by, entries=loose, now=now, news_since=news_since)
    return refused


def _loose(content: EntryContent) -> EntryContent:
    return replace(content, lines=[replace(line, about=NOTHING) for line in content.lines])


def _note(batch: Import, rows: Sequence[ImportRow], known: Collection[int], refused: Refusals) -> int:
    """What became of each; how many went in. Their words are in the diary now and nowhere else."""
    added, others = [], []
    for row in rows:
        error = refused.get(batch.key_of(row.number))
        if row.number in known:
            row.verdict, row.problems = Verdict.KNOWN, written([Problem("already_there")])
        elif error is not None:
            refuse(row, error)
        else:
            added.append(row.pk)
            continue
        row.content, row.is_handled = {}, True
        others.append(row)
    batch.rows.filter(pk__in=added).update(content={}, is_handled=True, is_added=True)
    ImportRow.objects.bulk_update(others, ["verdict", "problems", "content", "is_handled"])
    return len(added)


def _things(batch: Import, things: Things, rows: Sequence[ImportRow], by: User, clock: Clock) -> Things:
    """What lines can be attached to; what is not there yet is written down first, if that was wished."""
    if not options_of(batch).make:
        return things
    lines = [Line(**line) for row in rows for line in row.content["lines"]]
    missing = {line.title.casefold(): line for line in lines if things.called(line.title) is None}
    made = [_made(batch, line, by, clock) for line in missing.values()]
    return head_of(batch, with_names=True).known if any(made) else things


def _made(batch: Import, line: Line, by: User, clock: Clock) -> bool:
    """Whether there is one now. What cannot be made (there are too many, one looks the same) stays words."""
    now = clock()
    try:
        with transaction.atomic():
            if line.kind == ItemKind.EXERCISE:
                if not SHORTEST_NAME <= len(line.title) <= LONGEST_NAME:
                    return False
                content = SkillContent(name=line.title, category="other")
                add_skill(key=uuid4(), student=batch.student, by=by, content=content, now=now)
                return True
            match = _COMPOSER.fullmatch(line.title)
            title, composer = (match[1], match[2]) if match else (line.title, "")
            if len(title) > LONGEST_TITLE or len(composer) > LONGEST_COMPOSER:
                return False
            piece = PieceContent(title=title, composer=composer)
            add_piece(key=uuid4(), student=batch.student, by=by, content=piece, now=now)
    except (NotPossible, TooMany):
        return False
    return True
