"""The instant of a time on the wall, on clocks that are put forward and back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Moment:
    """``is_moved``: the clocks of that day leave the time out, so it is the first one after it."""

    at: datetime
    is_moved: bool


def moment_of(wall: datetime, time_zone: str) -> Moment:
    """When a naive ``wall`` time is, in UTC.

    A time that the clocks show twice is the first of the two. One that they leave out is the first valid
    instant behind the gap (product.md, "Days and time"). Raises ValueError for an aware ``wall``.
    """
    if wall.tzinfo is not None:
        raise ValueError("a time on the wall has no zone of its own")
    zone = ZoneInfo(time_zone)
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early.astimezone(zone).replace(tzinfo=None) == wall:
        return Moment(early, is_moved=False)
    # In a gap the first reading is behind the change of the clocks, and the second before it.
    return Moment(_change_between(late, early, zone), is_moved=True)


def _change_between(before: datetime, behind: datetime, zone: ZoneInfo) -> datetime:
    """The first second with the new offset; there is one change between the two."""
    new = behind.astimezone(zone).utcoffset()
    step = timedelta(seconds=1)
    while behind - before > step:
        middle = before + (behind - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == new:
            behind = middle
        else:
            before = middle
    return behind
