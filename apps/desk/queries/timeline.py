"""Everything about one pupil that their teacher may know of, day by day, the newest day first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet

from apps.accounts.models import Student, User
from apps.assignments.models import Assignment, AssignmentCompletion
from apps.core.access import allowed
from apps.core.days import FIRST_DAY
from apps.lessons.models import Lesson
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.queries import newest_first, with_details
from apps.repertoire.models import Occasion, Piece, PieceStatusChange

# Of each kind on one page, or the whole of one day.
MOST = 30


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened: what kind of thing, and its row."""

    kind: str
    at: datetime
    row: Any


@dataclass
class Day:
    day: date
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Timeline:
    """``older`` is the day from which the next page goes on; None where nothing lies before.

    ``is_cut``: there was more on the only day of this page than one page holds.
    """

    days: list[Day]
    older: date | None
    is_cut: bool


@dataclass(frozen=True)
class _Span:
    """Up to the end of a day of the student's, and not beyond this moment."""

    student: Student
    until: date
    now: datetime

    @property
    def moment(self) -> datetime:
        zone = ZoneInfo(self.student.time_zone)
        # A practice day ends some hours after midnight: what happens until then belongs to it.
        ends_at = time(self.student.day_ends_at_hour)
        end = datetime.combine(self.until + timedelta(days=1), ends_at, zone).astimezone(UTC)
        return min(end, self.now)

    def day_of(self, moment: datetime) -> date:
        return self.student.today(moment)


def timeline_of(user: User, student: Student, until: date | None, *, now: datetime) -> Timeline:
    """A page of whole days, down to where the fullest kind goes on. Seven queries."""
    today = student.today(now)
    span = _Span(student, min(until or today, today), now)
    found: dict[date, Day] = {}
    cut: date | None = None
    for source in SOURCES:
        items = list(source(user, span))
        if len(items) > MOST:
            cut = max(filter(None, (cut, items[-1][0])))
        for day, item in items:
            found.setdefault(day, Day(day)).items.append(item)
    days = sorted(found.values(), key=lambda each: each.day, reverse=True)
    for each in days:
        each.items.sort(key=lambda item: (item.at, item.kind), reverse=True)
    whole = [each for each in days if cut is None or each.day > cut]
    if whole or cut is None:
        return Timeline(whole, cut, is_cut=False)
    before = cut - timedelta(days=1)
    return Timeline([found[cut]], before if before > FIRST_DAY else None, is_cut=True)


Dated = Iterable[tuple[date, Item]]


def _entries(user: User, span: _Span) -> Dated:
    rows = PracticeEntry.objects.filter(student=span.student, practised_on__lte=span.until)
    for row in newest_first(with_details(allowed(rows, "view", user), user))[: MOST + 1]:
        yield row.practised_on, Item("entry", row.created_at, row)


def _at(name: str, kind: str, rows: Callable[[User, _Span], QuerySet[Any]]) -> Callable[[User, _Span], Dated]:
    """Rows with a moment."""

    def found(user: User, span: _Span) -> Dated:
        lately = rows(user, span).filter(**{f"{name}__lt": span.moment}).order_by(f"-{name}", "-pk")
        for row in lately[: MOST + 1]:
            at: datetime = getattr(row, name)
            yield span.day_of(at), Item(kind, at, row)

    return found


def _of(model: type[Model], path: str, *related: str) -> Callable[[User, _Span], QuerySet[Any]]:
    """What this user may see of them."""

    def rows(user: User, span: _Span) -> QuerySet[Any]:
        own = model._default_manager.filter(**{path: span.student}).select_related(*related)
        return allowed(own, "view", user)

    return rows


def _statuses(user: User, span: _Span) -> QuerySet[PieceStatusChange]:
    pieces = allowed(Piece.objects.filter(student=span.student), "view", user)
    return PieceStatusChange.objects.filter(piece__in=pieces.values("pk")).select_related("piece")


def _done(user: User, span: _Span) -> Dated:
    """What was noted for steps beside the diary: what a session was for stands with the session."""
    given = allowed(Assignment.objects.filter(teaching__student=span.student), "view", user)
    rows = AssignmentCompletion.objects.filter(step__assignment__in=given.values("pk"), entry=None)
    rows = rows.filter(done_on__lte=span.until).select_related("step__assignment", "done_by")
    for row in rows.order_by("-done_on", "-created_at", "-pk")[: MOST + 1]:
        if row.done_on is not None:
            yield row.done_on, Item("done", row.created_at, row)


def _occasions(user: User, span: _Span) -> Dated:
    rows = Occasion.objects.filter(student=span.student, held_on__lte=span.until)
    for row in allowed(rows, "view", user).order_by("-held_on", "-pk")[: MOST + 1]:
        at = datetime.combine(row.held_on, time.max, ZoneInfo(span.student.time_zone))
        yield row.held_on, Item("occasion", at, row)


SOURCES: tuple[Callable[[User, _Span], Dated], ...] = (
    _entries,
    _at("created_at", "comment", _of(EntryComment, "entry__student", "author", "entry")),
    _at("starts_at", "lesson", _of(Lesson, "teaching__student", "teaching")),
    _at("created_at", "assignment", _of(Assignment, "teaching__student")),
    _at("changed_at", "piece", _statuses),
    _done,
    _occasions,
)
