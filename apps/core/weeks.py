"""Seven days as the pages show them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

DAYS_PER_WEEK = 7


class WeekDay(NamedTuple):
    """One day of a strip. ``minutes`` as far as the reader may know them."""

    date: date
    minutes: int
    is_today: bool
    is_future: bool


def seven_days(first: date, *, today: date, minutes: Mapping[date, int]) -> list[WeekDay]:
    """The seven days from ``first`` on; ``today`` is the student's."""
    days = [first + timedelta(days=number) for number in range(DAYS_PER_WEEK)]
    return [WeekDay(day, minutes.get(day, 0), day == today, day > today) for day in days]
