"""What a person may say in an entry, before it becomes rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from apps.gear.models import Gear
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Occasion

from .models import FocusArea

LEAST_WORDS = 10


@dataclass(frozen=True)
class Line:
    """One line of an entry as it was typed."""

    title: str
    kind: str = "piece"
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class EntryContent:
    """All that a person may say in an entry; what a form or the API takes becomes one of these."""

    practised_on: date
    minutes: int
    lines: Sequence[Line] = ()
    description: str = ""
    struggles: str = ""
    achievements: str = ""
    notes: str = ""
    focus_areas: Collection[FocusArea] = field(default_factory=list)
    started_at_time: time | None = None
    preparing_for_exam: bool = False
    preparing_for_performance: bool = False
    instrument: Gear | None = None
    # Only with the flag of its kind.
    occasion: Occasion | None = None
    enjoyment: int | None = None
    mood: int | None = None
    quality: int | None = None
    difficulty: int | None = None
    confidence: int | None = None
    is_private: bool = False
    addressed_to: Teaching | None = None

    def columns(self) -> dict[str, object]:
        """What goes into the entry's own row."""
        return {name: value for name, value in vars(self).items() if name not in ("lines", "focus_areas")}


def says_something(lines: Sequence[Line], description: str) -> bool:
    """What every entry must say: one line at least, or a description that is long enough."""
    return bool(lines) or len(description) >= LEAST_WORDS
