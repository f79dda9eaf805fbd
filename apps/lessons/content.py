"""What a form hands to a service."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any


@dataclass(frozen=True, kw_only=True)
class LessonContent:
    """``wall`` is the time on the teacher's clocks, without a zone; ``minutes`` how long it lasts."""

    wall: datetime
    minutes: int
    place: str = ""
    link: str = ""

    def columns(self, starts_at: datetime) -> dict[str, Any]:
        return {
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=self.minutes),
            "place": self.place,
            "link": self.link,
        }


@dataclass(frozen=True, kw_only=True)
class NotesContent:
    """``own_note`` is for nobody's eyes but the teacher's."""

    attendance: str = ""
    shared_note: str = ""
    own_note: str = ""


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """Every one or two weeks, up to and with a day of the teacher's calendar."""

    weeks: int
    until: date

    def walls(self, first: datetime) -> list[datetime]:
        """The times on the wall, the first one too."""
        step, found = timedelta(weeks=self.weeks), []
        wall = first
        while wall.date() <= self.until:
            found.append(wall)
            wall += step
        return found
