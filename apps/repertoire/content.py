"""What a form hands to a service."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from apps.private_teaching.models import Teaching

from .models import Piece, PieceSection
from .models.occasions import OccasionKind
from .models.pieces import PieceStatus
from .models.skills import SkillCategory


@dataclass(frozen=True, kw_only=True)
class PieceContent:
    title: str
    composer: str = ""
    difficulty: int | None = None
    started_on: date | None = None

    def columns(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class SectionContent:
    name: str
    from_bar: int | None = None
    to_bar: int | None = None
    target_tempo: int | None = None
    status: str = PieceStatus.LEARNING

    def columns(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class SkillContent:
    name: str
    category: str = SkillCategory.TECHNIQUE
    is_archived: bool = False

    def columns(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class NoteContent:
    """Words, a link, or both. Private is the family's alone; ``addressed_to`` is one teacher's besides."""

    body: str = ""
    link: str = ""
    section: PieceSection | None = None
    is_private: bool = False
    addressed_to: Teaching | None = None

    def columns(self) -> dict[str, Any]:
        names = ("body", "link", "section", "is_private", "addressed_to")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, kw_only=True)
class OccasionContent:
    title: str
    held_on: date
    kind: str = OccasionKind.EXAM
    board: str = ""
    grade: str = ""
    target_hours: int | None = None
    result: str = ""
    pieces: Collection[Piece] = ()

    def columns(self) -> dict[str, Any]:
        """What goes into the row of its own."""
        return {name: value for name, value in vars(self).items() if name != "pieces"}
