"""What is new across all pupils of a teacher, pupil by pupil."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from apps.accounts.models import Student, User
from apps.accounts.prepared import ForReader
from apps.core.access import allowed
from apps.practice.models import EntryComment, NewMark, PracticeEntry
from apps.practice.queries import NewOfOne, new_counts, newest_first, with_details
from apps.private_teaching.models import Teaching

# As many entries stand on a page at most: with those of a pupil together, as long as they fit.
PAGE = 30


@dataclass(frozen=True)
class News:
    """One entry that is new, and what others than the reader said about it last."""

    entry: PracticeEntry
    said: EntryComment | None

    @property
    def marks(self) -> str:
        """What the reader sends when they have seen exactly this."""
        return ",".join(map(str, self.entry.new_marks))


@dataclass(frozen=True)
class PupilNews:
    """One pupil's part of a page; ``left`` older ones come when these are done."""

    student: Student
    news: list[News]
    left: int


@dataclass(frozen=True)
class Inbox:
    pupils: list[PupilNews]
    waiting: list[NewOfOne]
    # The pupil with whom the next page begins.
    next_from: UUID | None

    @property
    def total(self) -> int:
        return sum(each.count for each in self.waiting)


def inbox_of(user: User, *, begin: UUID | None) -> Inbox:
    """Three queries, for one pupil or for four hundred. ``begin``: whose news come first; the pupils stand by
    their names, and one of whom nothing is new begins at the first."""
    waiting = new_counts(user)
    behind = [each.student for each in waiting]
    first = behind.index(begin) if begin in behind else 0
    page, later = _page(waiting[first:])
    found = _new_of(len(page))(user, **_named("student", [each.student for each in page])) if page else []
    entries: dict[UUID, list[PracticeEntry]] = {each.student: [] for each in page}
    for entry in found:
        entries[entry.student_id].append(entry)
    shown = [entry for rows in entries.values() for entry in rows[:PAGE]]
    said = _said_last(user, [entry.pk for entry in shown])
    pupils = [
        PupilNews(
            rows[0].student,
            [News(entry, said.get(entry.pk)) for entry in rows[:PAGE]],
            max(each.count - PAGE, 0),
        )
        for each in page
        if (rows := entries[each.student])
    ]
    return Inbox(pupils, waiting, later[0].student if later else None)


def _page(waiting: list[NewOfOne]) -> tuple[list[NewOfOne], list[NewOfOne]]:
    """As many pupils as fit, one at least."""
    total = 0

    def fits(each: NewOfOne) -> bool:
        nonlocal total
        total += min(each.count, PAGE)
        return total <= PAGE

    page = list(takewhile(fits, waiting)) or waiting[:1]
    return page, waiting[len(page) :]


def _named(name: str, values: Iterable[UUID]) -> dict[str, UUID]:
    return {f"{name}{number}": value for number, value in enumerate(values)}


@cache
def _new_of(count: int) -> ForReader[PracticeEntry]:
    """The new entries of so many pupils, newest first."""

    def build(reader: User, **students: UUID) -> QuerySet[PracticeEntry]:
        own = Teaching.objects.current().by(reader).values("pk")
        is_new = Exists(NewMark.objects.filter(entry=OuterRef("pk"), teaching__in=own))
        entries = PracticeEntry.objects.filter(is_new, student__in=list(students.values()))
        rows = with_details(allowed(entries, "view", reader), reader)
        return newest_first(rows.select_related(None).select_related("student"))

    return ForReader(build, **dict.fromkeys(_named("student", [UUID(int=0)] * count), UUID))


def _said_last(user: User, entries: list[UUID]) -> dict[UUID, EntryComment]:
    """The newest comment of somebody else under each of these entries, as far as this reader reads it."""
    rows = _comments(len(entries))(user, **_named("entry", entries)) if entries else []
    return {row.entry_id: row for row in rows}


@cache
def _comments(count: int) -> ForReader[EntryComment]:
    def build(reader: User, **entries: UUID) -> QuerySet[EntryComment]:
        comments = EntryComment.objects.filter(entry__in=list(entries.values())).exclude(author=reader)
        rows = allowed(comments, "view", reader).select_related("author")
        return rows.order_by("entry", "-created_at", "-pk").distinct("entry")

    return ForReader(build, **dict.fromkeys(_named("entry", [UUID(int=0)] * count), UUID))
