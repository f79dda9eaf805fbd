"""What day it is for a person. A day is a date in their IANA zone and ends some hours after midnight."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.utils.dateparse import parse_date

DEFAULT_DAY_ENDS_AT_HOUR = 3
# From these days weeks can be counted back and forth without leaving the calendar.
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2999, 12, 31)


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


def end_of_day(day: date, time_zone: str) -> datetime:
    """The midnight after this day of the calendar, on that zone's clocks."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone)).astimezone(UTC)


def whole_until(ends: datetime) -> datetime:
    """A moment of the last whole day before the end, in whatever zone it is read: the day on which it ends
    at some hour is not promised."""
    return ends + timedelta(seconds=1) - timedelta(days=1)


def week_start(day: date, first_weekday: int) -> date:
    """The first day of the week that holds ``day``; ``first_weekday`` 0 is Monday, 6 is Sunday."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def day_in_address(text: str) -> date | None:
    """A day as an address has it, if it is one of these centuries; None for everything else."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and FIRST_DAY <= found <= LAST_DAY else None


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
