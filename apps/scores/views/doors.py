"""What the pages here share: the door to a piece or its sheet music, and the way back."""

from uuid import UUID

from django.urls import reverse

from apps.accounts.models import User
from apps.core.access import get_allowed_or_404, with_permission
from apps.repertoire.models import Piece
from apps.scores.models import Score
from apps.scores.queries import with_rights


def piece_or_404(user: User, piece: UUID, action: str = "view") -> Piece:
    rows = with_permission(Piece.objects.select_related("student"), user, is_family="delete")
    return get_allowed_or_404(rows, action, user, pk=piece)


def score_or_404(user: User, score: UUID, action: str = "view") -> Score:
    return get_allowed_or_404(with_rights(Score.objects.all(), user), action, user, pk=score)


def address_of(piece: UUID) -> str:
    return reverse("repertoire:piece-detail", args=[piece]) + "#scores"
