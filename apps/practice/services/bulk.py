"""Many sessions at once, for an import: each saved as ``log_entry`` saves it, by the same rules, in a few
statements for all of them. A test holds the two against each other.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum

from apps.accounts.models import Student, User
from apps.core import access
from apps.practice import signals, words
from apps.practice.content import EntryContent
from apps.practice.models import EntryComment, NewMark, PracticeDay, PracticeEntry, PracticeItem

from . import LockedStudent, _announce, _check_ground, _check_things, _lock, _recount
from .errors import DayIsTooLong, EntryIsNotPossible
from .lines import items_of
from .words import spoken


@dataclass(frozen=True, kw_only=True)
class NewEntry:
    """One session to save. ``key`` is made by the caller: what has an entry of this key is left alone.

    ``time_zone`` is that of its day, where a file says so; else the student's. Own focus areas are made
    before (``areas.name_areas``): nothing reads ``content.own_area`` here.
    """

    key: UUID
    content: EntryContent
    time_zone: str = ""


Refusals = dict[UUID, EntryIsNotPossible]
EVERYTHING = Q()


class DayTotals:
    """Minutes of each day, with what was accepted since: one row may leave no room for the next.

    ``readable`` bounds them to what somebody may read who only asks: what is refused for want of room would
    tell to the minute what they may not. ``log_entries`` counts all, as a single save does.
    """

    def __init__(self, student_id: UUID, readable: Q = EVERYTHING) -> None:
        self._rows = PracticeDay.objects.filter(readable, student=student_id)
        self._minutes: Counter[date] = Counter()
        self._known: set[date] = set()

    def look_up(self, days: Iterable[date]) -> None:
        """One query for all that are not known yet."""
        unknown = set(days) - self._known
        if not unknown:
            return
        rows = self._rows.filter(practised_on__in=unknown)
        for day, minutes in rows.values_list("practised_on").annotate(total=Sum("minutes")):
            self._minutes[day] += minutes
        self._known |= unknown

    def take(self, day: date, minutes: int) -> None:
        """Raises DayIsTooLong, and takes nothing."""
        if self._minutes[day] + minutes > settings.PRACTICE_MAX_MINUTES:
            raise DayIsTooLong
        self._minutes[day] += minutes


def find_refusals(
    *, student: Student, entries: Sequence[NewEntry], now: datetime, totals: DayTotals
) -> Refusals:
    """What ``log_entries`` would refuse of these if it came to them now, without writing anything. Raises
    CollectionIsOff. ``totals`` go from one batch to the next."""
    with transaction.atomic():
        return _refused(entries, _lock(student.pk), totals, now)


def _refused(
    entries: Sequence[NewEntry], locked: LockedStudent, totals: DayTotals, now: datetime
) -> Refusals:
    totals.look_up(entry.content.practised_on for entry in entries)
    things_are_there = _things_are_there(entries, locked.student.pk)
    refused: Refusals = {}
    for entry in entries:
        try:
            _check_ground(entry.content, locked, now=now)
            if not things_are_there:
                _check_things(entry.content, locked.student.pk, None)
            totals.take(entry.content.practised_on, entry.content.minutes)
        except EntryIsNotPossible as error:
            refused[entry.key] = error
    return refused


def _things_are_there(entries: Sequence[NewEntry], student_id: UUID) -> bool:
    """Of all at once, which is nearly always so: then none has to be asked by itself."""
    areas = {area.pk: area for entry in entries for area in entry.content.focus_areas}
    lines = [line for entry in entries for line in entry.content.lines]
    every = EntryContent(practised_on=date.min, minutes=0, lines=lines, focus_areas=list(areas.values()))
    try:
        _check_things(every, student_id, None)
    except EntryIsNotPossible:
        return False
    return True


@transaction.atomic
def log_entries(
    *,
    student: Student,
    by: User,
    entries: Sequence[NewEntry],
    now: datetime,
    news_since: date | None = None,
) -> Refusals:
    """Save those that can be; return why the others cannot. In the order given, as if one came after the
    other. Raises CollectionIsOff.

    Teachers get marks for sessions of ``news_since`` and later: the history of years is no news. ``None``
    marks all, as ``log_entry`` does.
    """
    locked = _lock(student.pk)
    saved = set(PracticeEntry.objects.filter(pk__in=[e.key for e in entries]).values_list("pk", flat=True))
    new = [entry for entry in entries if entry.key not in saved]
    refused = _refused(new, locked, DayTotals(student.pk), now)
    accepted = [entry for entry in new if entry.key not in refused]
    if accepted:
        _write(accepted, locked, by=by, now=now, news_since=news_since)
    return refused


def _write(
    accepted: Sequence[NewEntry],
    locked: LockedStudent,
    *,
    by: User,
    now: datetime,
    news_since: date | None,
) -> None:
    # One after the other: sessions of one day keep the order in which they came.
    first = now - timedelta(microseconds=len(accepted))
    rows = [
        PracticeEntry(
            pk=entry.key,
            student=locked.student,
            logged_by=by,
            time_zone=entry.time_zone or locked.student.time_zone,
            created_at=first + timedelta(microseconds=number),
            **entry.content.columns(),
        )
        for number, entry in enumerate(accepted, start=1)
    ]
    PracticeEntry.objects.bulk_create(rows)
    contents = [entry.content for entry in accepted]
    PracticeItem.objects.bulk_create(
        item for row, content in zip(rows, contents, strict=True) for item in items_of(row, content.lines)
    )
    link = PracticeEntry.focus_areas.through
    link.objects.bulk_create(
        link(practiceentry_id=row.pk, focusarea_id=area.pk)
        for row, content in zip(rows, contents, strict=True)
        for area in content.focus_areas
    )
    said = words.writing([spoken(row, content.lines) for row, content in zip(rows, contents, strict=True)])
    _recount(locked.student.pk, {row.practised_on for row in rows}, along=said)
    NewMark.objects.bulk_create(
        NewMark(teaching_id=pk, entry=row, marked_at=now)
        for row in rows
        if not row.is_private and (news_since is None or row.practised_on >= news_since)
        for pk in locked.teaching_ids
        if row.addressed_to_id in (None, pk)
    )
    for row in rows:
        _announce(signals.entry_logged, row, by)


@transaction.atomic
def delete_untouched(*, student: Student, entries: Collection[UUID], by: User, now: datetime) -> set[UUID]:
    """Delete those that nobody changed or commented on since, and that this person may still delete; return
    which went. As ``delete_entry`` deletes one: out of every list and count, the rows stay until purged.
    """
    _lock(student.pk)
    talked = EntryComment.objects.filter(entry=OuterRef("pk"), deleted_at__isnull=True)
    open_ones = access.allowed(PracticeEntry.objects.filter(student=student, pk__in=entries), "delete", by)
    rows = list(open_ones.filter(~Exists(talked), changed_at__isnull=True))
    gone = {row.pk for row in rows}
    if not gone:
        return gone
    PracticeEntry.objects.filter(pk__in=gone).update(deleted_at=now, changed_at=now)
    _recount(student.pk, {row.practised_on for row in rows}, something_left=True)
    NewMark.objects.filter(entry__in=gone).delete()
    for row in rows:
        _announce(signals.entry_deleted, row, by)
    return gone
