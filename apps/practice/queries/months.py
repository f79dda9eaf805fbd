"""One month of a diary as a calendar: what each day adds up to, as its reader counts it."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, Count, QuerySet, Sum

from apps.core.days import day_in_address, week_start

from .filters import Filters, filtered
from .history import readable_days, readable_entries
from .people import DiaryHead
from .statistics import DayTotal

NO_TIME = (0, 0)


@dataclass(frozen=True)
class Month:
    """Whole weeks of days; those of the months around it have no total. ``earlier`` and ``later`` are first
    days, where there is something to turn to."""

    first: date
    weeks: list[list[DayTotal | None]]
    earlier: date | None
    later: date | None
    starts_on: int

    @property
    def days(self) -> list[DayTotal]:
        return [day for week in self.weeks for day in week if day is not None]

    @property
    def practised(self) -> int:
        return sum(1 for day in self.days if day.sessions)

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.days)

    @property
    def weekdays(self) -> list[date]:
        """Days of which to take the names, in the order of the columns."""
        full = week_start(self.first + timedelta(days=7), self.starts_on)
        return [full + timedelta(days=number) for number in range(7)]


def month_in_address(text: str) -> date | None:
    """The first day of "2026-11"; None for everything else."""
    return day_in_address(f"{text}-01") if len(text) == 7 else None


def month_of(head: DiaryHead, filters: Filters, first: date, *, today: date, starts_on: int) -> Month:
    """Two queries: the day summaries, or the month's entries where more than days was asked for; and
    whether this reader has anything before them, so that nobody turns back through empty years."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    totals = _totals(head, filters, first, last)
    start = week_start(first, starts_on)
    weeks = []
    while start <= last:
        days = [start + timedelta(days=number) for number in range(7)]
        weeks.append([_day(day, totals) if first <= day <= last else None for day in days])
        start += timedelta(days=7)
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    is_first = not readable_days(head).filter(practised_on__lt=first).exists()
    return Month(
        first=first,
        weeks=weeks,
        earlier=None if is_first else before.replace(day=1),
        later=after if after <= today else None,
        starts_on=starts_on,
    )


def _day(day: date, totals: Mapping[date, tuple[int, int]]) -> DayTotal:
    return DayTotal(day, *totals.get(day, NO_TIME))


def _totals(head: DiaryHead, filters: Filters, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Minutes and sessions of the days on which there is something."""
    rows: QuerySet[Any, Any]
    count: Aggregate
    if filters.is_by_day_only:
        rows, count = filtered(readable_days(head), filters, head.student.pk), Sum("sessions")
    else:
        rows, count = filtered(readable_entries(head), filters, head.student.pk), Count("pk")
    days = rows.filter(practised_on__range=(first, last)).order_by().values("practised_on")
    summed = days.annotate(time=Sum("minutes"), count=count)
    return {row["practised_on"]: (row["time"], row["count"]) for row in summed}
