"""Exams and performances: those to come, those that were, and the pieces that can be named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from apps.accounts.models import Student, User
from apps.core.access import allowed
from apps.repertoire.models import Occasion, Piece
from apps.repertoire.models.pieces import PieceStatus


@dataclass(frozen=True, slots=True)
class Occasions:
    to_come: Sequence[Occasion]
    over: Sequence[Occasion]


def occasions_of(user: User, student: Student, today: date) -> Occasions:
    """The next one first; of those that are over the last one first. One query."""
    rows = list(allowed(Occasion.objects.filter(student=student), "view", user).order_by("held_on", "pk"))
    return Occasions(
        to_come=[row for row in rows if row.held_on >= today],
        over=[row for row in reversed(rows) if row.held_on < today],
    )


def pieces_to_name(student: Student, occasion: Occasion | None = None) -> QuerySet[Piece]:
    """What is not archived, and what the occasion names already."""
    wanted = ~Q(status=PieceStatus.ARCHIVED)
    if occasion is not None:
        wanted |= Q(pk__in=occasion.pieces.values("pk"))
    return Piece.objects.kept().filter(wanted, student=student).order_by("title_key", "pk")
