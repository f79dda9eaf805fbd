"""Entries and lines as a reader sees them, with all that a list shows in one query."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from apps.accounts.models import Student, User
from apps.accounts.prepared import ForReader
from apps.core.access import allowed
from apps.practice.models import EntryComment, FocusArea, NewMark, PracticeEntry, PracticeItem
from apps.practice.models.areas import AREA_WORD
from apps.practice.models.entries import SHOWN_OF_A_LINE
from apps.practice.permissions import thread_as
from apps.private_teaching.models import Teaching

# How many of the newest entries are asked for lines to offer again.
LOOK_BACK = 12


def with_details(entries: QuerySet[PracticeEntry], user: User) -> QuerySet[PracticeEntry]:
    """Annotate lines, focus areas, the comments this user may read, and what makes it new to them.

    Subqueries instead of prefetching: a page of any length costs one query. ``shown_lines``,
    ``shown_areas`` and ``new_marks`` of the entry read what is annotated here.
    """
    here = OuterRef("pk")
    comments = allowed(EntryComment.objects.filter(entry=here), "view", user)
    own = Teaching.objects.current().by(user).values("pk")
    return _with_details(_with_marks(entries, own), comments)


def _with_marks(
    entries: QuerySet[PracticeEntry], teachings: Collection[UUID] | QuerySet[Teaching, Any]
) -> QuerySet[PracticeEntry]:
    marks = NewMark.objects.filter(entry=OuterRef("pk"), teaching__in=teachings)
    found: QuerySet[PracticeEntry] = entries.annotate(mark_ids=ArraySubquery(marks.values("pk")))
    return found


def _with_details(
    entries: QuerySet[PracticeEntry], comments: QuerySet[EntryComment]
) -> QuerySet[PracticeEntry]:
    count = comments.order_by().values("entry").annotate(count=Count("pk")).values("count")
    found: QuerySet[PracticeEntry] = with_lines(entries).annotate(comment_count=Coalesce(Subquery(count), 0))
    return found.select_related("addressed_to__teacher", "logged_by")


def with_lines(entries: QuerySet[PracticeEntry]) -> QuerySet[PracticeEntry]:
    """Annotate lines and focus areas alone."""
    here = OuterRef("pk")
    found: QuerySet[PracticeEntry] = entries.annotate(
        line_data=ArraySubquery(
            PracticeItem.objects.filter(entry=here)
            .order_by("position")
            .values(data=JSONObject(**{name: name for name in SHOWN_OF_A_LINE}))
        ),
        area_words=ArraySubquery(
            FocusArea.objects.filter(practiceentry=here).in_order().values_list(AREA_WORD)
        ),
    )
    return found


def with_details_for(
    entries: QuerySet[PracticeEntry], user: User, role: str, own_teachings: Collection[UUID]
) -> QuerySet[PracticeEntry]:
    """The same for entries of one diary that the reader may view, from what its head knows."""
    here = OuterRef("pk")
    comments = EntryComment.objects.filter(thread_as(user, role, own_teachings), entry=here)
    return _with_details(_with_marks(entries, own_teachings) if own_teachings else entries, comments)


def diary_of(user: User, student: Student) -> QuerySet[PracticeEntry]:
    """The entries of one diary that this user may read."""
    return allowed(PracticeEntry.objects.filter(student=student), "view", user)


def newest_first(entries: QuerySet[PracticeEntry]) -> QuerySet[PracticeEntry]:
    return entries.order_by("-practised_on", "-created_at", "-pk")


def recent_entries(user: User, student: Student, n: int) -> list[PracticeEntry]:
    """The newest ``n`` entries this user may read, ready for the entry card. One query."""
    return _recent(n)(user, student=student.pk)


@cache
def _recent(n: int) -> ForReader[PracticeEntry]:
    def build(reader: User, student: UUID) -> QuerySet[PracticeEntry]:
        entries = allowed(PracticeEntry.objects.filter(student=student), "view", reader)
        return newest_first(with_details(entries, reader))[:n]

    return ForReader(build, student=UUID)


def last_lines(student: Student, user: User, *, limit: int = 6) -> list[PracticeItem]:
    """What was practised last, each thing once, the newest first: to log again with one tap. One query."""
    return _each_once(_lines(user, student=student.pk))[:limit]


def _build_lines(reader: User, student: UUID) -> QuerySet[PracticeItem]:
    entries = allowed(PracticeEntry.objects.filter(student=student), "view", reader)
    recent = newest_first(entries).values("pk")[:LOOK_BACK]
    lines = PracticeItem.objects.filter(entry__in=recent)
    ordered = lines.order_by("-entry__practised_on", "-entry__created_at", "-entry__pk", "position")
    return ordered.select_related("piece", "section__piece", "skill")


_lines = ForReader(_build_lines, student=UUID)


def _each_once(items: Iterable[PracticeItem]) -> list[PracticeItem]:
    found: dict[tuple[str, str], PracticeItem] = {}
    for item in items:
        found.setdefault((item.kind, item.name_now.casefold()), item)
    return list(found.values())


@dataclass(frozen=True)
class NewOfOne:
    """How many entries of one student are new to a teacher."""

    student: UUID
    name: str
    count: int


def new_counts(teacher: User) -> list[NewOfOne]:
    """Of each student of whom something is new to this teacher, by their names.

    One query over the marks alone, so it costs what is new.
    """
    rows = [NewOfOne(*row) for row in _counts(teacher)]
    return sorted(rows, key=lambda each: (each.name.casefold(), str(each.student)))


def _build_counts(teacher: User) -> QuerySet[NewMark, tuple[UUID, str, int]]:
    marks = NewMark.objects.filter(teaching__in=Teaching.objects.current().by(teacher).values("pk"))
    grouped = marks.order_by().values("teaching__student", "teaching__student__name")
    counted = grouped.annotate(count=Count("entry", distinct=True))
    return counted.values_list("teaching__student", "teaching__student__name", "count")


_counts: ForReader[tuple[UUID, str, int]] = ForReader(_build_counts)
