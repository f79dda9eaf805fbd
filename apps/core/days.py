"""What day it is for a person. A day is a date in their IANA zone and ends some hours after midnight."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

DEFAULT_DAY_ENDS_AT_HOUR = 3


def local_day(moment: datetime, time_zone: str, *, day_ends_at_hour: int = DEFAULT_DAY_ENDS_AT_HOUR) -> date:
    """The practice day of an instant: at 01:30 a late player is still in yesterday.

    The cut-off is wall time: it is taken after the conversion, so a clock change moves nothing.
    Raises ValueError for a naive ``moment``.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs a zone")
    local = moment.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    return (local - timedelta(hours=day_ends_at_hour)).date()


def calendar_day(moment: datetime, time_zone: str) -> date:
    """The date that the calendar on this person's wall shows."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def week_start(day: date, first_weekday: int) -> date:
    """The first day of the week that holds ``day``; ``first_weekday`` 0 is Monday, 6 is Sunday."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


@cache
def _known_zones() -> frozenset[str]:
    """Reading the names walks a folder tree; they change with a new release of tzdata only."""
    return frozenset(available_timezones())


def is_time_zone(name: str) -> bool:
    return name in _known_zones()


def zone_of(name: str) -> tzinfo:
    """The zone, or UTC for a name that a newer tzdata no longer knows: a page is better than none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
