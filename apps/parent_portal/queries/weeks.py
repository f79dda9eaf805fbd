"""One week of a diary for whoever holds a link to read along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from apps.accounts.models import ReaderLink, Student
from apps.core.days import day_in_address, week_start
from apps.core.weeks import DAYS_PER_WEEK, WeekDay, seven_days
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.queries import shared_entries, shared_words

# How far back a link reads, counted from the week in which it was made.
WEEKS_BACK = 4
WEEK = timedelta(days=DAYS_PER_WEEK)


@dataclass(frozen=True)
class ReadEntry:
    entry: PracticeEntry
    said: Sequence[EntryComment]


@dataclass(frozen=True, kw_only=True)
class ReadWeek:
    """``older`` and ``newer`` are days of the neighbouring weeks, None where the link reads no further."""

    student: Student
    week: list[WeekDay]
    days: list[tuple[date, list[ReadEntry]]]
    older: date | None
    newer: date | None

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.week)

    @property
    def practised_days(self) -> int:
        return sum(1 for day in self.week if day.minutes)


def read_week(link: ReaderLink, *, asked: str, now: datetime) -> ReadWeek:
    """The week that holds the day ``asked``, this week for anything else; days are the child's own.

    Two queries. The figures are of what is shown, so that none betrays what is not.
    """
    student, today = link.student, link.student.today(now)
    starts_on = link.made_by.week_starts_on if link.made_by else 0
    this = week_start(today, starts_on)
    earliest = week_start(student.today(link.made_at), starts_on) - WEEKS_BACK * WEEK
    first = max(earliest, min(this, week_start(day_in_address(asked) or today, starts_on)))
    entries = shared_entries(student, first=first, last=first + WEEK - timedelta(days=1))
    words = shared_words([entry.pk for entry in entries])
    minutes: dict[date, int] = {}
    for entry in entries:
        minutes[entry.practised_on] = minutes.get(entry.practised_on, 0) + entry.minutes
    shown = [ReadEntry(entry, words.get(entry.pk, [])) for entry in entries]
    days = groupby(shown, key=lambda each: each.entry.practised_on)
    return ReadWeek(
        student=student,
        week=seven_days(first, today=today, minutes=minutes),
        days=[(day, list(found)) for day, found in days],
        older=first - WEEK if first > earliest else None,
        newer=first + WEEK if first < this else None,
    )
