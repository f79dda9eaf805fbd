"""Looking through a file: what would become of each row. Writes nothing into the diary."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction

from apps.practice.models import FocusArea
from apps.practice.models.areas import LONGEST_AREA
from apps.practice.permissions import audience_as
from apps.practice.queries import DiaryHead
from apps.practice.services.areas import MOST_AREAS
from apps.practice.services.bulk import DayTotals, NewEntry, find_refusals
from apps.practice.services.errors import EntryIsNotPossible
from apps.repertoire.names import folded
from apps.transfer.contents import content_of, fingerprint_of
from apps.transfer.drafts import Draft, Problem, Reader
from apps.transfer.models import Import, ImportRow, ImportState
from apps.transfer.queries import known_counts
from apps.transfer.reading.opening import open_table
from apps.transfer.reading.tables import Row
from apps.transfer.verdicts import Verdict

from .choosing import opened
from .diaries import diary_of, head_of, options_of, teachings_of
from .leases import Clock, keep, settle

CHUNK = 500
T = TypeVar("T")


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    found = iter(rows)
    while chunk := list(islice(found, size)):
        yield chunk


def check(batch: Import, clock: Clock) -> None:
    """From the beginning: what a killed worker found is found anew."""
    head = head_of(batch)
    forget_rows(batch)
    looker = _Looker(batch, head)
    with opened(batch) as file:
        rows = iter(open_table(file))
        next(rows, None)
        for chunk in chunks(rows):
            # Of a worker that was given up meanwhile no row stays behind.
            with transaction.atomic():
                looker.look_at(chunk, clock)
                keep(batch, now=clock(), rows_done=looker.done, counts=dict(looker.counts))
    settle(batch, ImportState.CHECKED, now=clock(), row_count=looker.done, attempts=0)


def forget_rows(batch: Import, **which: Any) -> None:
    """In pieces that a statement has time for."""
    rows = ImportRow.objects.filter(batch=batch, **which)
    while keys := list(rows.values_list("pk", flat=True)[: CHUNK * 10]):
        ImportRow.objects.filter(pk__in=keys).delete()


class _Looker:
    """What goes from one piece of the file to the next."""

    def __init__(self, batch: Import, head: DiaryHead) -> None:
        self.batch, self.head = batch, head
        self.reader = Reader(batch.mapping, options_of(batch), diary_of(head))
        # A verdict tells no guest what they may not read.
        self.totals = DayTotals(batch.student_id, audience_as(head.role, head.own_teachings))
        self.teachings = teachings_of(batch.student_id)
        self.doubles = options_of(batch).doubles
        # Own areas that there are, with those that rows so far would make.
        self.areas = set(FocusArea.objects.offered_to(batch.student_id).values_list("name_key", flat=True))
        self.counts: Counter[str] = Counter()
        self.done = 0
        # Of each fingerprint: how often it came, and the row it came in first.
        self.seen: Counter[str] = Counter()
        self.first: dict[str, int] = {}

    def look_at(self, rows: Sequence[Row], clock: Clock) -> None:
        drafts = [(row.number, self.reader.read(row.cells)) for row in rows]
        for _number, draft in drafts:
            self._make_room(draft)
        prints = {number: fingerprint_of(draft.content) for number, draft in drafts if not draft.is_refused}
        known = known_counts(
            self.head,
            ((prints[number], draft.content) for number, draft in drafts if number in prints),
        )
        found = {
            number: self._row(number, draft, prints.get(number, ""), known.get(prints.get(number, ""), 0))
            for number, draft in drafts
        }
        self._ask_diary(
            [row for row in found.values() if row.verdict in (Verdict.OK, Verdict.WARNING)], clock
        )
        ImportRow.objects.bulk_create(found.values())
        self.counts.update(row.verdict for row in found.values())
        self.done += len(rows)

    def _make_room(self, draft: Draft) -> None:
        """What a row is about and there is no room for is left out before anything is compared."""
        left = []
        for name in draft.content.get("own_areas", []):
            key = folded(name, LONGEST_AREA)
            if key in self.areas or len(self.areas) < MOST_AREAS:
                self.areas.add(key)
            else:
                left.append(name)
        if left:
            draft.leave_out(left)
            draft.content["own_areas"] = [name for name in draft.content["own_areas"] if name not in left]

    def _row(self, number: int, draft: Draft, fingerprint: str, known: int) -> ImportRow:
        row = ImportRow(batch=self.batch, number=number, fingerprint=fingerprint, content=draft.content)
        problems = list(draft.problems)
        if draft.is_refused:
            row.verdict = Verdict.REFUSED
        else:
            self.seen[fingerprint] += 1
            row.ordinal = self.seen[fingerprint]
            row.verdict = Verdict.WARNING if problems else Verdict.OK
            first = self.first.setdefault(fingerprint, number)
            if row.ordinal > 1 and not self.doubles:
                row.verdict = Verdict.KNOWN
                problems.append(Problem("same_as_row", (first,)))
            elif known >= row.ordinal:
                row.verdict = Verdict.KNOWN
                problems.append(Problem("already_there"))
        row.problems = written(problems)
        return row

    def _ask_diary(self, rows: Sequence[ImportRow], clock: Clock) -> None:
        """What a single save would refuse is refused here, for the same reasons."""
        entries = {
            self.batch.key_of(row.number): (row, content_of(row.content, areas={}, teachings=self.teachings))
            for row in rows
        }
        refused = find_refusals(
            student=self.batch.student,
            entries=[NewEntry(key=key, content=content) for key, (_row, content) in entries.items()],
            now=clock(),
            totals=self.totals,
        )
        for key, error in refused.items():
            refuse(entries[key][0], error)


def refuse(row: ImportRow, error: EntryIsNotPossible) -> None:
    row.verdict = Verdict.REFUSED
    said = [Problem(code, tuple(values)) for code, values in row.problems]
    row.problems = written([*said, Problem(type(error).__name__, tuple(error.args))])
    row.content = {}


def written(problems: Sequence[Problem]) -> list[list[Any]]:
    return [[problem.code, list(problem.values)] for problem in problems]
