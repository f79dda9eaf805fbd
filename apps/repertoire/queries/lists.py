"""The two lists: pieces by how far they are, skills by kind; both with a search that reads the notes, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import Student, User
from apps.core.access import allowed
from apps.repertoire.models import Note, Piece, Skill
from apps.repertoire.models.pieces import LONGEST_TITLE, PieceStatus
from apps.repertoire.models.skills import SkillCategory
from apps.repertoire.names import folded

LONGEST_SEARCH = 100
Row = TypeVar("Row", Piece, Skill)


@dataclass(frozen=True, slots=True)
class PieceGroup:
    status: PieceStatus
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """``category`` is None for the archived ones of every kind."""

    category: SkillCategory | None
    skills: Sequence[Skill]


def _noted(user: User, words: str, thing: str) -> Exists:
    """A note that this reader may read holds the words."""
    notes = Note.objects.filter(Q(body__icontains=words) | Q(link__icontains=words))
    return Exists(allowed(notes, "view", user).filter(**{thing: OuterRef("pk")}))


def pieces_by_status(user: User, student: Student, words: str) -> list[PieceGroup]:
    """All pieces in which the words stand, in groups of a status; those that have none are left out."""
    rows = allowed(Piece.objects.filter(student=student), "view", user)
    if words:
        key = folded(words, LONGEST_TITLE)
        named = Q(title_key__contains=key) | Q(composer_key__contains=key)
        rows = rows.filter(named | Q(title__icontains=words) | _noted(user, words, "piece"))
    order = PieceStatus.values
    ranked = sorted(rows.order_by("title_key", "pk"), key=lambda piece: order.index(piece.status))
    groups = groupby(ranked, key=lambda piece: piece.status)
    return [PieceGroup(PieceStatus(status), list(pieces)) for status, pieces in groups]


def skills_by_category(user: User, student: Student, words: str) -> list[SkillGroup]:
    """Likewise; what is archived comes last."""
    rows: QuerySet[Skill] = allowed(Skill.objects.filter(student=student), "view", user)
    if words:
        key = folded(words, LONGEST_TITLE)
        rows = rows.filter(
            Q(name_key__contains=key) | Q(name__icontains=words) | _noted(user, words, "skill")
        )

    def place(skill: Skill) -> str:
        return "" if skill.is_archived else skill.category

    order = [*SkillCategory.values, ""]
    ranked = sorted(rows.order_by("name_key", "pk"), key=lambda skill: order.index(place(skill)))
    return [
        SkillGroup(SkillCategory(name) if name else None, list(skills))
        for name, skills in groupby(ranked, key=place)
    ]
