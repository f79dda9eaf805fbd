"""Wall times of lessons, over every zone and change of clocks from 2025 to 2035."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from apps.lessons.times import moment_of

FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
STEP = timedelta(days=1)


def changes_of(zone: ZoneInfo) -> list[tuple[datetime, timedelta, timedelta]]:
    """The instants at which the zone's clocks change, with the offset before and behind."""
    found, at = [], FIRST
    while at < LAST:
        before, behind = offset(zone, at), offset(zone, at + STEP)
        if before != behind:
            low, high = at, at + STEP
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) // 2).replace(microsecond=0)
                low, high = (middle, high) if offset(zone, middle) == before else (low, middle)
            found.append((high, before, behind))
        at += STEP
    return found


def offset(zone: ZoneInfo, at: datetime) -> timedelta:
    there = at.astimezone(zone).utcoffset()
    assert there is not None
    return there


# Zones that share their clocks with another one show nothing new.
def distinct_zones() -> list[str]:
    seen: dict[tuple[object, ...], str] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        at = [offset(zone, FIRST + timedelta(days=15 * number)) for number in range(268)]
        seen.setdefault(tuple(at), name)
    return sorted(seen.values())


ZONES = distinct_zones()


def test_there_are_zones_that_change() -> None:
    assert len(ZONES) > 60
    assert sum(1 for name in ZONES if changes_of(ZoneInfo(name))) > 15


@pytest.mark.parametrize("name", ZONES)
def test_a_wall_time_is_kept_or_the_first_valid_one(name: str) -> None:
    zone = ZoneInfo(name)
    for change, before, behind in changes_of(zone):
        around = change.astimezone(UTC).replace(tzinfo=None)
        for minutes in range(-180, 181, 10):
            for base in (before, behind):
                wall = around + base + timedelta(minutes=minutes)
                found = moment_of(wall, name)
                shown = found.at.astimezone(zone).replace(tzinfo=None)
                in_gap = before < behind and around + before <= wall < around + behind
                assert found.is_moved == in_gap
                if in_gap:
                    assert found.at == change
                else:
                    assert shown == wall
                # Of two instants that show the same, the first.
                earlier = found.at - abs(behind - before)
                assert found.is_moved or earlier.astimezone(zone).replace(tzinfo=None) != wall


def test_the_hour_that_does_not_exist_in_berlin() -> None:
    found = moment_of(datetime(2027, 3, 28, 2, 30), "Europe/Berlin")
    assert (found.at, found.is_moved) == (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), True)


def test_the_hour_that_comes_twice_is_the_first() -> None:
    found = moment_of(datetime(2026, 10, 25, 2, 30), "Europe/Berlin")
    assert (found.at, found.is_moved) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), False)


def test_an_instant_is_no_wall_time() -> None:
    with pytest.raises(ValueError, match="wall"):
        moment_of(datetime(2026, 1, 1, tzinfo=UTC), "Europe/Berlin")
