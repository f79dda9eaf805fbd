"""The entries of some days for a sheet of paper, oldest first."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.practice.models import PracticeEntry

from .filters import Filters
from .history import chosen_entries
from .people import DiaryHead

# Without any day asked for, the last four weeks.
DAYS = 28
# What one sheet takes; whoever wants more chooses fewer days at a time.
MOST = 300


@dataclass(frozen=True)
class Sheet:
    """``filters`` are those asked for, with the days that are printed; ``is_cut`` says that more would fit
    them than is there."""

    filters: Filters
    rows: list[PracticeEntry]
    is_cut: bool

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.rows)

    @property
    def days(self) -> int:
        return len({entry.practised_on for entry in self.rows})

    @property
    def has_private(self) -> bool:
        return any(entry.is_private for entry in self.rows)


def sheet_of(user: User, head: DiaryHead, asked: Filters, *, now: datetime) -> Sheet:
    """What the reader may read of these days; the newest where it is too much. One query."""
    until = asked.until or head.student.today(now)
    since = asked.since or until - timedelta(days=DAYS - 1)
    filters = replace(asked, since=min(since, until), until=max(since, until))
    found = list(chosen_entries(user, head, filters)[: MOST + 1])
    return Sheet(filters, list(reversed(found[:MOST])), is_cut=len(found) > MOST)
