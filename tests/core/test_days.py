"""Which day it is: in every zone, around every kind of clock change, up to the hour the day ends."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.days import calendar_day, is_time_zone, local_day, week_start

ZONES = sorted(available_timezones())
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def naive_day(moment: datetime, zone: str, ends_at: int) -> date:
    """The oracle: read the wall clock as text, and take yesterday before the cut-off."""
    wall = moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H")
    shown = date.fromisoformat(wall[:10])
    return shown - timedelta(days=1) if int(wall[11:]) < ends_at else shown


def clock_changes(zone: str, year: int) -> list[datetime]:
    """The hours (UTC) of a year after which the zone's offset is another one."""
    here = ZoneInfo(zone)
    start = datetime(year, 1, 1, tzinfo=UTC)
    found = []
    for day in range(365):
        first = start + timedelta(days=day)
        if first.astimezone(here).utcoffset() == (first + timedelta(days=1)).astimezone(here).utcoffset():
            continue
        hours = [first + timedelta(hours=n) for n in range(25)]
        found += [
            a for a, b in pairwise(hours) if a.astimezone(here).utcoffset() != b.astimezone(here).utcoffset()
        ]
    return found


@given(moment=INSTANTS, zone=st.sampled_from(ZONES), ends_at=st.integers(0, 11))
def test_the_day_is_the_wall_clocks(moment: datetime, zone: str, ends_at: int) -> None:
    assert local_day(moment, zone, day_ends_at_hour=ends_at) == naive_day(moment, zone, ends_at)
    assert calendar_day(moment, zone) == naive_day(moment, zone, 0)


def test_no_clock_change_of_any_zone_moves_the_cut_off() -> None:
    """Every quarter of an hour around every change of 2026, in one zone per distinct rule set."""
    seen: set[tuple[datetime, ...]] = set()
    checked = 0
    for zone in ZONES:
        changes = tuple(clock_changes(zone, 2026))
        if changes in seen:
            continue
        seen.add(changes)
        for change in changes:
            for quarter in range(-24, 25):
                moment = change + timedelta(minutes=15 * quarter)
                assert local_day(moment, zone) == naive_day(moment, zone, 3), (zone, moment)
                checked += 1
    assert len(seen) > 10
    assert checked > 1000


@pytest.mark.parametrize(
    ("wall", "day"),
    [("02:59", date(2026, 3, 28)), ("03:00", date(2026, 3, 29)), ("23:59", date(2026, 3, 29))],
)
def test_the_day_ends_at_three(wall: str, day: date) -> None:
    """In Tokyo, which knows no clock change."""
    moment = datetime.fromisoformat(f"2026-03-29T{wall}+09:00")
    assert local_day(moment, "Asia/Tokyo") == day


def test_the_night_without_two_o_clock_ends_at_three() -> None:
    """In Berlin on 29 March 2026, 01:59 is followed by 03:00."""
    gap = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert local_day(gap - timedelta(minutes=1), "Europe/Berlin") == date(2026, 3, 28)
    assert local_day(gap, "Europe/Berlin") == date(2026, 3, 29)


def test_an_instant_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        local_day(datetime(2026, 3, 1), "UTC")


@given(day=st.dates(date(2024, 1, 1), date(2035, 1, 1)), first=st.sampled_from([0, 6]))
def test_a_week_starts_on_the_persons_day(day: date, first: int) -> None:
    start = week_start(day, first)
    assert start.weekday() == first
    assert timedelta(0) <= day - start < timedelta(days=7)


@pytest.mark.parametrize(
    ("name", "known"),
    [("Europe/Berlin", True), ("UTC", True), ("Mars/Olympus", False), ("", False), ("../etc/passwd", False)],
)
def test_zones_are_the_iana_names(name: str, known: bool) -> None:
    assert is_time_zone(name) is known
