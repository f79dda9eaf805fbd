"""What a form hands to a service."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from .models import CareKind, GearKind


@dataclass(frozen=True, kw_only=True)
class GearContent:
    """``remind_of`` and ``remind_months`` are both there or both not."""

    name: str
    kind: str = GearKind.INSTRUMENT
    bought_on: date | None = None
    notes: str = ""
    is_put_away: bool = False
    remind_of: str = ""
    remind_months: int | None = None

    def columns(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class CareContent:
    done_on: date
    kind: str = CareKind.STRINGS
    words: str = ""

    def columns(self) -> dict[str, Any]:
        return asdict(self)
