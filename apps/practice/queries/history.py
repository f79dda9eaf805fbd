"""The history of a diary: one page, its figures, its days."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from apps.accounts.models import User
from apps.core.pages import Page, first_page, keyset_page
from apps.core.prepared import Prepared
from apps.practice.models import PracticeDay, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.permissions import audience_as

from .filters import ORDER, Filters, filtered
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

PAGE_SIZE = 20


def history_page(user: User, head: DiaryHead, filters: Filters, cursor: str | None) -> Page[PracticeEntry]:
    """One page with all it shows, each row with ``day_minutes``, the whole day's as this reader counts it."""
    if not filters.active_count and not cursor:
        return first_page(_newest(user, head), fields=ORDER, size=PAGE_SIZE)
    entries = _detailed(user, head.student.pk, head.role, head.own_teachings)
    return keyset_page(
        filtered(entries, filters, head.student.pk), fields=ORDER, cursor=cursor, size=PAGE_SIZE
    )


def chosen_entries(user: User, head: DiaryHead, filters: Filters) -> QuerySet[PracticeEntry]:
    """What fits the filters of what this reader may read, newest first, with all that a list shows."""
    entries = _detailed(user, head.student.pk, head.role, head.own_teachings)
    return filtered(entries, filters, head.student.pk).order_by(*(f"-{name}" for name in ORDER))


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


def readable_entries(head: DiaryHead) -> QuerySet[PracticeEntry]:
    readable = audience_as(head.role, head.own_teachings)
    return PracticeEntry.objects.kept().filter(readable, student=head.student)


def readable_days(head: DiaryHead) -> QuerySet[PracticeDay]:
    return PracticeDay.objects.filter(audience_as(head.role, head.own_teachings), student=head.student)


def history_statistics(head: DiaryHead, filters: Filters, *, now: datetime) -> DiaryStatistics:
    """Of all that is filtered, not of the page. One query; by days when only days were asked for."""
    today = head.student.today(now)
    if not filters.active_count:
        own = _own_parameters(head)
        return from_summed(_all_days(head.role, len(own))(student=head.student.pk, **own, **of_week(today)))
    if filters.is_by_day_only:
        return diary_statistics(filtered(readable_days(head), filters, head.student.pk), today=today)
    return entry_statistics(filtered(readable_entries(head), filters, head.student.pk), today=today)
