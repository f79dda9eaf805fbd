"""Statistics of a diary, from the day summaries; each costs days, not entries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject

from apps.practice.models import PracticeDay, PracticeEntry

Summed = dict[str, Any]
# What one audience may count of a student's day: student, day, minutes, sessions.
DayPart = tuple[UUID, date, int, int]


@dataclass(frozen=True)
class DiaryStatistics:
    """Of one reader's view of one diary. Minutes; the average is per session, rounded. ``is_cut`` says that
    there may be more than was counted."""

    total_sessions: int
    total_minutes: int
    last_seven_days_sessions: int
    last_seven_days_minutes: int
    last_practised_on: date | None
    is_cut: bool = False

    @property
    def average_minutes(self) -> int:
        return round(self.total_minutes / self.total_sessions) if self.total_sessions else 0


FIGURES = tuple(field.name for field in fields(DiaryStatistics) if field.name != "is_cut")


@dataclass(frozen=True)
class DayTotal:
    """One day as one reader sees it."""

    day: date
    minutes: int
    sessions: int


def summed(days: QuerySet[PracticeDay], *, after: date, until: date) -> QuerySet[PracticeDay, Summed]:
    """One row with the figures of one student's days, none without days; the recent ones from ``after``
    (not included) to ``until``.
    """
    recent = Q(practised_on__gt=after, practised_on__lte=until)
    figures = (
        days.order_by()
        .values("student")
        .annotate(
            total_sessions=Sum("sessions"),
            total_minutes=Sum("minutes"),
            last_seven_days_sessions=Sum("sessions", filter=recent, default=0),
            last_seven_days_minutes=Sum("minutes", filter=recent, default=0),
            last_practised_on=Max("practised_on"),
        )
    )
    rows: QuerySet[PracticeDay, Summed] = figures.values(*FIGURES)
    return rows


def of_week(today: date) -> dict[str, date]:
    """The last seven days, today included, as ``summed`` takes them."""
    return {"after": today - timedelta(days=7), "until": today}


def from_summed(rows: Iterable[Summed]) -> DiaryStatistics:
    found = next(iter(rows), None)
    return DiaryStatistics(**found) if found else DiaryStatistics(0, 0, 0, 0, None)


def diary_statistics(days: QuerySet[PracticeDay], *, today: date) -> DiaryStatistics:
    """Sessions, minutes and the last seven days (today included) of one student's days. One query."""
    return from_summed(summed(days, **of_week(today)))


def every_day(parts: Iterable[DayPart], *, first: date, last: date) -> list[DayTotal]:
    """The parts summed by day, and the days without any as zeros."""
    minutes: dict[date, int] = defaultdict(int)
    sessions: dict[date, int] = defaultdict(int)
    for _student, day, part_minutes, part_sessions in parts:
        minutes[day] += part_minutes
        sessions[day] += part_sessions
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [DayTotal(day, minutes.get(day, 0), sessions.get(day, 0)) for day in days]


def summed_entries(entries: QuerySet[PracticeEntry], *, today: date) -> QuerySet[PracticeEntry, Summed]:
    """The same figures over a filtered list, from the entries themselves, which its reach keeps few."""
    week = of_week(today)
    recent = Q(practised_on__gt=week["after"], practised_on__lte=week["until"])
    figures = (
        entries.order_by()
        .values("student")
        .annotate(
            total_sessions=Count("pk"),
            total_minutes=Sum("minutes"),
            last_seven_days_sessions=Count("pk", filter=recent),
            last_seven_days_minutes=Sum("minutes", filter=recent, default=0),
            last_practised_on=Max("practised_on"),
        )
    )
    rows: QuerySet[PracticeEntry, Summed] = figures.values(*FIGURES)
    return rows


def in_json(rows: QuerySet[Any, Summed]) -> Subquery:
    """As a column of something else, which ``from_json`` reads."""
    return Subquery(rows.values(data=JSONObject(**{name: name for name in FIGURES})))


def from_json(found: Summed | None) -> DiaryStatistics | None:
    """Nothing at all is ``None``, or a count of nothing."""
    if found is None or not found["total_sessions"]:
        return None
    return from_summed([found | {"last_practised_on": date.fromisoformat(found["last_practised_on"])}])
