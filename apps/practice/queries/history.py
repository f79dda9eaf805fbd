"""The history of a diary: filters that survive anything in an address, one page, its figures."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import QueryDict

from apps.accounts.models import User
from apps.core.days import day_in_address
from apps.core.pages import Page, first_page, is_cursor, keyset_page
from apps.core.prepared import Prepared
from apps.practice.models import PracticeDay, PracticeEntry, PracticeItem
from apps.practice.models.comments import AuthorRole
from apps.practice.models.entries import TEXTS
from apps.practice.permissions import audience_as

from .lists import with_details_for
from .people import DiaryHead
from .statistics import (
    DiaryStatistics,
    Summed,
    diary_statistics,
    entry_statistics,
    from_summed,
    of_week,
    summed,
)

ORDER = ("practised_on", "created_at", "id")
PAGE_SIZE = 20
LONGEST_SEARCH = 100


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader asked for. ``ignored`` is true when a part of the address made no sense."""

    teacher: UUID | None = None
    exam: bool = False
    performance: bool = False
    private: bool = False
    since: date | None = None
    until: date | None = None
    focus: str = ""
    q: str = ""
    ignored: bool = False

    @property
    def active_count(self) -> int:
        return sum(bool(getattr(self, field.name)) for field in fields(self) if field.name != "ignored")

    @property
    def is_by_day_only(self) -> bool:
        """Then the day summaries know the figures."""
        return not (self.teacher or self.exam or self.performance or self.private or self.focus or self.q)

    def address(self, **more: str | None) -> str:
        """The query string that asks for the same again, ``more`` added."""
        days = {"from": self.since, "to": self.until}
        flags = {name: "1" for name in ("exam", "performance", "private") if getattr(self, name)}
        texts = {"teacher": self.teacher, "focus": self.focus, "q": self.q}
        found = {**days, **flags, **texts, **more}
        return urlencode({name: str(value) for name, value in found.items() if value})


class _Reader:
    """Takes parameters out of an address and remembers when one made no sense."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.ignored = False

    def text(self, name: str) -> str:
        return (self.data.get(name) or "").replace("\0", "").strip()

    def day(self, name: str) -> date | None:
        found = day_in_address(self.text(name))
        self.ignored |= found is None and bool(self.text(name))
        return found

    def teaching(self, known: Collection[UUID]) -> UUID | None:
        """One of the teachings this reader knows of; another's id is as good as garbage."""
        found = next((pk for pk in known if str(pk) == self.text("teacher").lower()), None)
        self.ignored |= found is None and bool(self.text("teacher"))
        return found

    def flag(self, name: str) -> bool:
        value = self.text(name).lower()
        self.ignored |= value not in ("", "0", "1", "on", "true", "false")
        return value in ("1", "on", "true")

    def focus(self, known: Collection[str]) -> str:
        """One of the areas this reader knows of."""
        value = self.text("focus")
        self.ignored |= bool(value) and value not in known
        return value if value in known else ""


def read_filters(data: QueryDict, head: DiaryHead) -> Filters:
    """Understand what can be understood; never an error. Only the family may ask for private entries."""
    reader = _Reader(data)
    since, until = reader.day("from"), reader.day("to")
    if since and until and since > until:
        since, until = until, since
    words = reader.text("q")
    found = {
        "teacher": reader.teaching([teacher.teaching_id for teacher in head.teachers]),
        "exam": reader.flag("exam"),
        "performance": reader.flag("performance"),
        "private": reader.flag("private") and head.is_family,
        "focus": reader.focus([slug for slug, _name in head.areas]),
    }
    page = data.get("page", "")
    ignored = reader.ignored or bool(page and not is_cursor(page, PracticeEntry, ORDER))
    return Filters(since=since, until=until, q=words[:LONGEST_SEARCH], ignored=ignored, **found)  # type: ignore[arg-type]


def filtered(entries: QuerySet[PracticeEntry], filters: Filters) -> QuerySet[PracticeEntry]:
    entries = entries.between(filters.since, filters.until)  # type: ignore[attr-defined]
    wanted = Q()
    if filters.teacher:
        wanted &= Q(addressed_to=filters.teacher)
    if filters.exam:
        wanted &= Q(preparing_for_exam=True)
    if filters.performance:
        wanted &= Q(preparing_for_performance=True)
    if filters.private:
        wanted &= Q(is_private=True)
    if filters.focus:
        link = PracticeEntry.focus_areas.through.objects
        wanted &= Q(Exists(link.filter(practiceentry=OuterRef("pk"), focusarea__slug=filters.focus)))
    if filters.q:
        wanted &= _says(filters.q)
    return entries.filter(wanted)


def _says(words: str) -> Q:
    """The words stand somewhere in the entry's texts or lines."""
    lines = PracticeItem.objects.filter(entry=OuterRef("pk"), title__icontains=words)
    found = Q(Exists(lines))
    for name in TEXTS:
        found |= Q(**{f"{name}__icontains": words})
    return found


def history_page(user: User, head: DiaryHead, filters: Filters, cursor: str | None) -> Page[PracticeEntry]:
    """One page with all it shows, each row with ``day_minutes``, the whole day's as this reader counts it."""
    if not filters.active_count and not cursor:
        return first_page(_newest(user, head), fields=ORDER, size=PAGE_SIZE)
    entries = _detailed(user, head.student.pk, head.role, head.own_teachings)
    return keyset_page(filtered(entries, filters), fields=ORDER, cursor=cursor, size=PAGE_SIZE)


def chosen_entries(user: User, head: DiaryHead, filters: Filters) -> QuerySet[PracticeEntry]:
    """What fits the filters of what this reader may read, newest first, with all that a list shows."""
    entries = _detailed(user, head.student.pk, head.role, head.own_teachings)
    return filtered(entries, filters).order_by(*(f"-{name}" for name in ORDER))


def _newest(user: User, head: DiaryHead) -> list[PracticeEntry]:
    """The page that everybody opens first, by a statement that is built once per kind of reader."""
    own = _own_parameters(head)
    reader = {} if head.is_family else {"user": user.pk}
    return _newest_statement(head.role, len(own))(student=head.student.pk, **reader, **own)


def _own_parameters(head: DiaryHead) -> dict[str, UUID]:
    """The reader's own teachings by the names that prepared statements know them by."""
    return {f"teaching{number}": pk for number, pk in enumerate(head.own_teachings)}


@cache
def _newest_statement(role: AuthorRole, teachings: int) -> Prepared[PracticeEntry]:
    def build(student: UUID, user: UUID | None = None, **own: UUID) -> QuerySet[PracticeEntry]:
        rows = _detailed(User(pk=user), student, role, list(own.values()))
        return rows.order_by(*(f"-{name}" for name in ORDER))[: PAGE_SIZE + 1]

    is_family = role in (AuthorRole.STUDENT, AuthorRole.GUARDIAN)
    names = ["student", *([] if is_family else ["user"]), *(f"teaching{n}" for n in range(teachings))]
    return Prepared(build, **dict.fromkeys(names, UUID))


def _detailed(user: User, student: UUID, role: str, own: Collection[UUID]) -> QuerySet[PracticeEntry]:
    """What the reader may read of one diary, with all that a list shows."""
    readable = audience_as(role, own)
    day = PracticeDay.objects.filter(readable, student=student, practised_on=OuterRef("practised_on"))
    totals = day.order_by().values("practised_on").annotate(total=Sum("minutes")).values("total")
    entries = PracticeEntry.objects.kept().filter(readable, student=student)
    return with_details_for(entries, user, role, own).annotate(day_minutes=Subquery(totals))


@cache
def _all_days(role: AuthorRole, teachings: int) -> Prepared[Summed]:
    """The figures of a whole diary, by a statement that is built once per kind of reader."""

    def build(student: UUID, after: date, until: date, **own: UUID) -> QuerySet[PracticeDay, Summed]:
        days = PracticeDay.objects.filter(audience_as(role, list(own.values())), student=student)
        return summed(days, after=after, until=until)

    own = dict.fromkeys((f"teaching{number}" for number in range(teachings)), UUID)
    return Prepared(build, student=UUID, after=date, until=date, **own)


def _entries(head: DiaryHead) -> QuerySet[PracticeEntry]:
    readable = audience_as(head.role, head.own_teachings)
    return PracticeEntry.objects.kept().filter(readable, student=head.student)


def _days(head: DiaryHead) -> QuerySet[PracticeDay]:
    return PracticeDay.objects.filter(audience_as(head.role, head.own_teachings), student=head.student)


def history_statistics(head: DiaryHead, filters: Filters, *, now: datetime) -> DiaryStatistics:
    """Of all that is filtered, not of the page. One query; by days when only days were asked for."""
    today = head.student.today(now)
    if not filters.active_count:
        own = _own_parameters(head)
        return from_summed(_all_days(head.role, len(own))(student=head.student.pk, **own, **of_week(today)))
    if filters.is_by_day_only:
        days = _days(head)
        if filters.since:
            days = days.filter(practised_on__gte=filters.since)
        if filters.until:
            days = days.filter(practised_on__lte=filters.until)
        return diary_statistics(days, today=today)
    return entry_statistics(filtered(_entries(head), filters), today=today)
