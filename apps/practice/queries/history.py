"""The history of a diary: one page, its figures, its days."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from apps.accounts.models import User
from apps.core.pages import Page, cursor_to, first_page, keyset_page, position_of
from apps.core.prepared import Prepared
from apps.practice.models import PracticeDay, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.permissions import audience_as

from .filters import ORDER, Filters, filtered
from .lists import with_details_for
from .people import DiaryHead
from .reach import Reach, reach_of
from .statistics import (
    DiaryStatistics,
    Summed,
    diary_statistics,
    from_json,
    from_summed,
    in_json,
    of_week,
    summed,
    summed_entries,
)

PAGE_SIZE = 20
# What no session of a day comes after, in ``ORDER``.
END_OF_DAY = (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))


@dataclass(frozen=True)
class History:
    """One page with all it shows, each row with ``day_minutes``, the whole day's as this reader counts it;
    and the figures of all that was looked at, where they count this page. ``back_to``: what is older was
    not looked at; ``page.older`` goes on.
    """

    page: Page[PracticeEntry]
    statistics: DiaryStatistics | None
    back_to: date | None = None


def history_of(
    user: User, head: DiaryHead, filters: Filters, cursor: str | None, *, now: datetime
) -> History:
    """Two queries, one more for what is not on the first page of a filtered history."""
    today = head.student.today(now)
    if filters.active_count and not filters.is_by_day_only:
        return _looked_for(user, head, filters, cursor, today=today)
    return History(_page_of_days(user, head, filters, cursor), _statistics_of_days(head, filters, today))


def _page_of_days(user: User, head: DiaryHead, filters: Filters, cursor: str | None) -> Page[PracticeEntry]:
    if not filters.active_count and not cursor:
        return first_page(_newest(user, head), fields=ORDER, size=PAGE_SIZE)
    return _keyset_page(_fitting(user, head, filters), cursor)


def _statistics_of_days(head: DiaryHead, filters: Filters, today: date) -> DiaryStatistics:
    if not filters.active_count:
        own = own_parameters(head)
        return from_summed(_all_days(head.role, len(own))(student=head.student.pk, **own, **of_week(today)))
    return diary_statistics(filtered(readable_days(head), filters, head.student.pk), today=today)


def _looked_for(user: User, head: DiaryHead, filters: Filters, cursor: str | None, *, today: date) -> History:
    """No further back than a reach at once: else what is rare would be looked for in all that ever was. Up
    again is as far as somebody went down."""
    reach = reach_of(head, filters)
    counted = reach.of(filtered(readable_entries(head), filters, head.student.pk))
    # The figures come with each row of the page: no query of their own.
    fitting = _fitting(user, head, filters).annotate(figures=in_json(summed_entries(counted, today=today)))
    position = position_of(cursor, PracticeEntry, ORDER) if cursor else None
    if position and position[0] == "newer":
        page = _keyset_page(fitting, cursor)
        if page.rows:
            return History(page, _figures(page, reach))
        # Nothing newer fits: as if they came anew.
        position = None
    near = reach_of(head, filters, until=position[1][0]) if position else reach
    page = _keyset_page(near.of(fitting), cursor if position else None)
    return _with_ways_on(History(page, _figures(page, reach)), near, position)


def _figures(page: Page[PracticeEntry], reach: Reach) -> DiaryStatistics | None:
    """Nothing was counted that is further back, and above sessions that are not in it a sum would lie."""
    if not page.rows or (reach.first and page.rows[-1].practised_on < reach.first):
        return None
    found = from_json(vars(page.rows[0])["figures"])
    return replace(found, is_cut=reach.is_cut) if found else None


def _with_ways_on(found: History, reach: Reach, position: tuple[str, list[Any]] | None) -> History:
    """Older than what was looked at; and back again from where nothing was found."""
    page = found.page
    if position and not page.rows:
        page = replace(page, newer=cursor_to("newer", position[1]))
    if page.older or not (reach.is_cut and reach.first):
        return replace(found, page=page)
    day_before = reach.first - timedelta(days=1)
    page = replace(page, older=cursor_to("older", [day_before, *END_OF_DAY]))
    return replace(found, page=page, back_to=reach.first)


def _fitting(user: User, head: DiaryHead, filters: Filters) -> QuerySet[PracticeEntry]:
    entries = _detailed(user, head.student.pk, head.role, head.own_teachings)
    return filtered(entries, filters, head.student.pk)


def _keyset_page(entries: QuerySet[PracticeEntry], cursor: str | None) -> Page[PracticeEntry]:
    return keyset_page(entries, fields=ORDER, cursor=cursor, size=PAGE_SIZE)


def chosen_entries(user: User, head: DiaryHead, filters: Filters) -> QuerySet[PracticeEntry]:
    """What fits the filters of what this reader may read, newest first, with all that a list shows."""
    return _fitting(user, head, filters).order_by(*(f"-{name}" for name in ORDER))


def _newest(user: User, head: DiaryHead) -> list[PracticeEntry]:
    """The page that everybody opens first, by a statement that is built once per kind of reader."""
    own = own_parameters(head)
    reader = {} if head.is_family else {"user": user.pk}
    return _newest_statement(head.role, len(own))(student=head.student.pk, **reader, **own)


def own_parameters(head: DiaryHead) -> dict[str, UUID]:
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
