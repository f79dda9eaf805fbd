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
from apps.transfer.drafts import Draft, Problem
from apps.transfer.models import Import, ImportRow, ImportState
from apps.transfer.queries import known_counts
from apps.transfer.verdicts import Verdict

from .checking import CHUNK, refuse, written
from .diaries import head_of, hold, options_of, teachings_of
from .leases import Clock, keep, settle

# Each of these may bring pieces of its own, one after the other, while all of the diary waits.
WITH_LISTS = 50
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
    size = WITH_LISTS if options_of(batch).make else CHUNK
    rows = list(batch.rows.filter(verdict__in=RIGHT, is_handled=False).order_by("number")[:size])
    if not rows:
        return False
    # Who may write is asked behind the lock, and what is compared is what stands.
    hold(batch.student_id)
    head = head_of(batch, with_names=True)
    assert batch.uploaded_by is not None  # noqa: S101  (the head would not have been found)
    barred = set() if head.is_family else {row.number for row in rows if row.content["audience"]}
    areas = _areas(batch, head, rows)
    known = _known(batch, head, rows)
    coming = [row for row in rows if row.number not in known and row.number not in barred]
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
    added = _note(batch, rows, known, barred, refused)
    keep(batch, now=now, rows_done=batch.rows_done + len(rows), added=batch.added + added, attempts=1)
    return True


def _areas(batch: Import, head: DiaryHead, rows: Sequence[ImportRow]) -> dict[str, FocusArea]:
    """By key and name. A row whose own ones cannot be there says which: meanwhile there may be too many, or
    whoever brings it is no family any more."""
    own = dict.fromkeys(name for row in rows for name in row.content["own_areas"])
    found = name_areas(student=batch.student, names=list(own)) if own and head.is_family else {}
    poorer = [
        row for row in rows if row.content["own_areas"] and not found.keys() >= {*row.content["own_areas"]}
    ]
    for row in poorer:
        draft = Draft(problems=[Problem(code, tuple(values)) for code, values in row.problems])
        draft.leave_out([name for name in row.content["own_areas"] if name not in found])
        row.verdict, row.problems = Verdict.WARNING, written(draft.problems)
    ImportRow.objects.bulk_update(poorer, ["verdict", "problems"])
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


def _note(
    batch: Import,
    rows: Sequence[ImportRow],
    known: Collection[int],
    barred: Collection[int],
    refused: Refusals,
) -> int:
    """What became of each; how many went in. Their words are in the diary now and nowhere else."""
    added, others = [], []
    for row in rows:
        error = refused.get(batch.key_of(row.number))
        if row.number in barred:
            row.verdict, row.problems = Verdict.REFUSED, written([Problem("not_for_guests")])
        elif row.number in known:
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
    full: set[str] = set()
    made = [_made(batch, line, by, clock, full) for line in missing.values() if line.kind not in full]
    return head_of(batch, with_names=True).known if any(made) else things


def _made(batch: Import, line: Line, by: User, clock: Clock, full: set[str]) -> bool:
    """Whether there is one now. What cannot be made (there are too many, one looks the same) stays words;
    once there are too many of a kind, no other is tried."""
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
    except TooMany:
        full.add(line.kind)
        return False
    except NotPossible:
        return False
    return True
