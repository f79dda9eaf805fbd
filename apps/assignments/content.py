"""What a form hands to a service."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from .state import Kind


@dataclass(frozen=True, kw_only=True)
class StepContent:
    kind: Kind = Kind.TICK
    label: str = ""
    amount: int | None = None
    from_bar: int | None = None
    to_bar: int | None = None
    # The step of which this is what it says now; it is no part of what is said.
    key: UUID | None = field(default=None, compare=False)

    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "key"}


@dataclass(frozen=True, kw_only=True)
class AssignmentContent:
    """Without steps it is finished by one tick."""

    title: str
    about: str = ""
    description: str = ""
    target_minutes: int | None = None
    due_on: date | None = None
    steps: Sequence[StepContent] = ()

    def columns(self) -> dict[str, Any]:
        return {
            name: getattr(self, name)
            for name in ("title", "about", "description", "target_minutes", "due_on")
        }

    @property
    def wanted(self) -> Sequence[StepContent]:
        return self.steps or (StepContent(),)


@dataclass(frozen=True, kw_only=True)
class TemplateContent:
    title: str
    about: str = ""
    description: str = ""
    target_minutes: int | None = None
    tags: Sequence[str] = ()
    steps: Sequence[StepContent] = ()

    def columns(self) -> dict[str, Any]:
        names = ("title", "about", "description", "target_minutes")
        return {name: getattr(self, name) for name in names} | {"tags": list(self.tags)}


@dataclass(frozen=True, kw_only=True)
class WorkContent:
    """What was done for one step; only what its kind asks for is kept."""

    repetitions: int | None = None
    tempo: int | None = None
    from_bar: int | None = None
    to_bar: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChallengeContent:
    """``aim`` and ``measure`` as the models name them; both days are part of it."""

    title: str
    description: str = ""
    aim: str
    measure: str
    target: int
    starts_on: date
    ends_on: date

    def columns(self) -> dict[str, Any]:
        return asdict(self)
