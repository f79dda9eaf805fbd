"""Statistics of a diary, from the day summaries; each costs days, not entries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q, QuerySet, Sum

from apps.accounts.models import Student, User
from apps.core.access import allowed
from apps.practice.models import PracticeDay, PracticeEntry


@dataclass(frozen=True)
class DiaryStatistics:
    """Of one reader's view of one diary. Minutes; the average is per session, rounded."""

    total_sessions: int
    total_minutes: int
    last_seven_days_sessions: int
    last_seven_days_minutes: int
    last_practised_on: date | None

    @property
    def average_minutes(self) -> int:
        return round(self.total_minutes / self.total_sessions) if self.total_sessions else 0


@dataclass(frozen=True)
class DayTotal:
    """One day as one reader sees it."""

    day: date
    minutes: int
    sessions: int


def days_for(user: User, student: Student) -> QuerySet[PracticeDay]:
    """The parts of the student's days that this reader may count."""
    return allowed(PracticeDay.objects.filter(student=student), "view", user)


def diary_statistics(days: QuerySet[PracticeDay], *, today: date) -> DiaryStatistics:
    """Sessions, minutes and the last seven days (today included) of these days. One query."""
    recent = Q(practised_on__gt=today - timedelta(days=7), practised_on__lte=today)
    found = days.aggregate(
        total_sessions=Sum("sessions", default=0),
        total_minutes=Sum("minutes", default=0),
        last_seven_days_sessions=Sum("sessions", filter=recent, default=0),
        last_seven_days_minutes=Sum("minutes", filter=recent, default=0),
        last_practised_on=Max("practised_on"),
    )
    return DiaryStatistics(**found)


def day_totals(days: QuerySet[PracticeDay], *, first: date, last: date) -> list[DayTotal]:
    """Every day from ``first`` to ``last``, those without practice as zeros. One query."""
    return every_day(days.between(first, last), first=first, last=last)  # type: ignore[attr-defined]


def every_day(parts: Iterable[PracticeDay], *, first: date, last: date) -> list[DayTotal]:
    """The parts summed by day, and the days without any as zeros."""
    minutes: dict[date, int] = defaultdict(int)
    sessions: dict[date, int] = defaultdict(int)
    for part in parts:
        minutes[part.practised_on] += part.minutes
        sessions[part.practised_on] += part.sessions
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [DayTotal(day, minutes.get(day, 0), sessions.get(day, 0)) for day in days]


def entry_statistics(entries: QuerySet[PracticeEntry], *, today: date) -> DiaryStatistics:
    """The same figures over a filtered list, from the entries themselves. Costs the filtered entries."""
    recent = Q(practised_on__gt=today - timedelta(days=7), practised_on__lte=today)
    found = entries.aggregate(
        total_sessions=Count("pk"),
        total_minutes=Sum("minutes", default=0),
        last_seven_days_sessions=Count("pk", filter=recent),
        last_seven_days_minutes=Sum("minutes", filter=recent, default=0),
        last_practised_on=Max("practised_on"),
    )
    return DiaryStatistics(**found)
