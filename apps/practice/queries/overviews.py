"""What the first pages ask of many diaries at once; each a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value, Window

from apps.accounts.models import Student, User
from apps.accounts.prepared import ForReader
from apps.core.access import allowed
from apps.core.prepared import Prepared
from apps.practice.models import EntryComment, PracticeDay, PracticeEntry
from apps.practice.models.comments import AuthorRole

from .lists import newest_first, with_details
from .statistics import DayPart
from .threads import is_unseen, unseen

# A comment stands in reach of a first page while its entry is among so many newest ones.
COMMENTED_LATELY = 60

MinutesByDay = Mapping[date, int]


def last_practised(user: User, student: str = "student") -> Subquery:
    """A column: the last day of ``student`` that this user may count. One step into an index a row."""
    days = allowed(PracticeDay.objects.filter(student=OuterRef(student)), "view", user)
    return Subquery(days.order_by("-practised_on").values("practised_on")[:1])


def minutes_of(
    user: User, students: Iterable[UUID], *, first: date, last: date
) -> Mapping[UUID, MinutesByDay]:
    """Minutes by student and day, as far as this user may count them. One query."""
    wanted = {f"student{number}": pk for number, pk in enumerate(students)}
    found: dict[UUID, dict[date, int]] = {}
    for student, days, parts in _minutes(len(wanted))(user, first=first, last=last, **wanted):
        by_day = found[student] = dict.fromkeys(days, 0)
        for day, minutes in zip(days, parts, strict=True):
            by_day[day] += minutes
    return found


@cache
def _minutes(count: int) -> ForReader[tuple[UUID, list[date], list[int]]]:
    """A row for each of so many students, with the parts of their days side by side: a row for each part
    would cost the page more than the database."""

    def build(
        reader: User, first: date, last: date, **students: UUID
    ) -> QuerySet[PracticeDay, tuple[UUID, list[date], list[int]]]:
        readable = _readable(reader, list(students.values()), first, last).order_by().values("student_id")
        sides = readable.annotate(days=ArrayAgg("practised_on"), parts=ArrayAgg("minutes"))
        return sides.values_list("student_id", "days", "parts")

    names = dict.fromkeys((f"student{number}" for number in range(count)), UUID)
    return ForReader(build, first=date, last=date, **names)


def day_parts(user: User, student: Student, *, first: date, last: date) -> list[DayPart]:
    """The parts of one student's days that this user may count, in no order. One query."""
    return _day_parts(user, first=first, last=last, student=student.pk)


def _build_day_parts(reader: User, first: date, last: date, student: UUID) -> QuerySet[PracticeDay, DayPart]:
    readable = _readable(reader, [student], first, last)
    return readable.values_list("student_id", "practised_on", "minutes", "sessions")


_day_parts = ForReader(_build_day_parts, first=date, last=date, student=UUID)


def _readable(reader: User, students: list[UUID], first: date, last: date) -> QuerySet[PracticeDay]:
    days = PracticeDay.objects.filter(student__in=students, practised_on__gte=first, practised_on__lte=last)
    return allowed(days, "view", reader)


def latest_teacher_comments(user: User, student: Student, n: int) -> list[EntryComment]:
    """The newest words of teachers under the student's latest entries, each with ``new_words``: how many of
    all of them this user has not seen. One query.

    Only the latest entries are looked at, so a long diary costs what a short one costs.
    """
    return _teacher_comments(n)(user, student=student.pk)


@cache
def _teacher_comments(n: int) -> ForReader[EntryComment]:
    def build(reader: User, student: UUID) -> QuerySet[EntryComment]:
        entries = allowed(PracticeEntry.objects.filter(student=student), "view", reader)
        recent = newest_first(entries).values("pk")[:COMMENTED_LATELY]
        comments = EntryComment.objects.filter(entry__in=recent, author_role=AuthorRole.TEACHER)
        found = allowed(comments, "view", reader).select_related("author", "entry")
        found = found.annotate(is_new=is_unseen(reader))
        counted = found.annotate(new_words=Window(Count("pk", filter=Q(is_new=True))))
        return counted.order_by("-created_at", "-pk")[:n]

    return ForReader(build, student=UUID)


def glances(students: QuerySet[Student], user: User, *, praise_since: date) -> QuerySet[Student]:
    """Annotate last day, newest entry, newest achievement and newest teacher's comment of each student, and
    how many of the teachers' words this user has not seen (``new_words``).

    For students whose whole diary the user may read: nothing is narrowed here.
    """
    entries = newest_first(PracticeEntry.objects.kept().filter(student=OuterRef("pk")))
    achieved = entries.filter(practised_on__gte=praise_since).exclude(achievements="")
    lately = newest_first(PracticeEntry.objects.kept().filter(student=OuterRef(OuterRef("pk"))))
    comments = EntryComment.objects.kept().filter(
        entry__in=lately.values("pk")[:COMMENTED_LATELY], author_role=AuthorRole.TEACHER
    )
    return students.annotate(
        last_on=Subquery(entries.values("practised_on")[:1]),
        last_entry_id=Subquery(entries.values("pk")[:1]),
        achieved_id=Subquery(achieved.values("pk")[:1]),
        comment_id=Subquery(comments.order_by("-created_at", "-pk").values("pk")[:1]),
        new_words=_count(comments.filter(unseen(user))),
    )


def _count(rows: QuerySet[EntryComment]) -> Subquery:
    return Subquery(rows.order_by().values(one=Value(1)).annotate(count=Count("pk")).values("count"))


def entries_by_id(user: User, ids: Iterable[UUID]) -> list[PracticeEntry]:
    """Those of the entries that this user may read, with their students, in no order. One query."""
    wanted = {f"entry{number}": pk for number, pk in enumerate(ids)}
    return _entries(len(wanted))(user, **wanted) if wanted else []


def comments_by_id(ids: Collection[UUID]) -> list[EntryComment]:
    """These comments with author and entry, in no order; whose they are was asked before. One query."""
    wanted = {f"comment{number}": pk for number, pk in enumerate(ids)}
    return _comments(len(wanted))(**wanted) if wanted else []


@cache
def _comments(count: int) -> Prepared[EntryComment]:
    def build(**ids: UUID) -> QuerySet[EntryComment]:
        return EntryComment.objects.filter(pk__in=list(ids.values())).select_related("author", "entry")

    return Prepared(build, **dict.fromkeys((f"comment{number}" for number in range(count)), UUID))


@cache
def _entries(count: int) -> ForReader[PracticeEntry]:
    def build(reader: User, **ids: UUID) -> QuerySet[PracticeEntry]:
        readable = allowed(PracticeEntry.objects.filter(pk__in=list(ids.values())), "view", reader)
        # A first page names the student alone; other people's rows would cost as much as the entries.
        return with_details(readable, reader).select_related(None).select_related("student")

    names = dict.fromkeys((f"entry{number}" for number in range(count)), UUID)
    return ForReader(build, **names)
