"""What a person may say in an entry, before it becomes rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from apps.gear.models import Gear
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Occasion

from .models import FocusArea

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import PracticeEntry

LEAST_WORDS = 10


@dataclass(frozen=True, slots=True)
class About:
    """What a line is attached to: a piece, one of its sections with it, a skill, or nothing."""

    piece: UUID | None = None
    section: UUID | None = None
    skill: UUID | None = None

    def __bool__(self) -> bool:
        return self != NOTHING


NOTHING = About()


@dataclass(frozen=True)
class Line:
    """One line of an entry as it was typed. What it is attached to follows from its words."""

    title: str
    kind: str = "piece"
    minutes: int | None = None
    tempo: int | None = None
    repetitions: int | None = None
    about: About = field(default=NOTHING, compare=False)


class Along(Protocol):
    """What an app above says of a session; it is saved with it or not at all."""

    @property
    def says_something(self) -> bool:
        """Whether the session needs no words beside it."""

    def is_said(self, entry: "PracticeEntry") -> bool:
        """Whether exactly this stands there already."""

    def write(self, entry: "PracticeEntry", by: "User", now: datetime) -> None:
        """In the transaction of the entry, which holds the student. Raises AnswerIsOvertaken."""


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
    # The name of one more, the student's own; made when nothing is called so.
    own_area: str = ""
    started_at_time: time | None = None
    preparing_for_exam: bool = False
    preparing_for_performance: bool = False
    instrument: Gear | None = None
    # Whoever saves it sets the flag of its kind.
    occasion: Occasion | None = None
    enjoyment: int | None = None
    mood: int | None = None
    quality: int | None = None
    difficulty: int | None = None
    confidence: int | None = None
    is_private: bool = False
    addressed_to: Teaching | None = None
    along: Sequence[Along] = ()

    def flagged(self) -> "EntryContent":
        """The same with the flag of the occasion that it names: it is for one, whatever was ticked."""
        if self.occasion is None:
            return self
        flag: dict[str, Any] = {flag_of(self.occasion): True}
        return replace(self, **flag)

    def columns(self) -> dict[str, object]:
        """What goes into the entry's own row."""
        beside = ("lines", "focus_areas", "own_area", "along")
        return {name: value for name, value in vars(self).items() if name not in beside}


def flag_of(occasion: Occasion) -> str:
    """The name of the flag of its kind."""
    return f"preparing_for_{occasion.kind}"


def says_something(lines: Sequence[Line], description: str) -> bool:
    """What every entry must say: one line at least, or a description that is long enough."""
    return bool(lines) or len(description) >= LEAST_WORDS
