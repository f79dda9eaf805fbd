"""What the pages here share: the door to a piece or its sheet music, and the way back."""

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.prepared import Door
from apps.core.access import with_permission
from apps.repertoire.models import Piece
from apps.scores.models import Score
from apps.scores.queries import with_rights


def _pieces(reader: User) -> QuerySet[Piece]:
    return with_permission(Piece.objects.select_related("student"), reader, is_family="delete")


piece_or_404 = Door(_pieces)
score_or_404 = Door(lambda reader: with_rights(Score.objects.all(), reader))


def address_of(piece: UUID) -> str:
    return reverse("repertoire:piece-detail", args=[piece]) + "#scores"
