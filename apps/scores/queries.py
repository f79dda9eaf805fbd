"""Sheet music as a reader sees it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.accounts.prepared import ForReader
from apps.core.access import allowed, with_permission
from apps.repertoire.models import Piece

from .models import Score, ScorePage


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page on the stand, with how many there are."""

    page: ScorePage
    count: int
    # The page behind it, which the browser fetches ahead.
    following: ScorePage | None

    @property
    def previous(self) -> int | None:
        return self.page.number - 1 if self.page.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.page.number + 1 if self.page.number < self.count else None


def scores_of(user: User, piece: Piece) -> list[Score]:
    """Those of the piece, as they were added, with how many pages each has. One query."""
    return _scores(user, piece=piece.pk)


def _build_scores(reader: User, piece: UUID) -> QuerySet[Score]:
    rows = allowed(Score.objects.filter(piece=piece), "view", reader)
    return rows.annotate(page_count=Count("pages")).order_by("created_at", "pk")


_scores = ForReader(_build_scores, piece=UUID)


def with_rights(rows: QuerySet[Score], user: User) -> QuerySet[Score]:
    return with_permission(rows.select_related("piece", "student", "added_by"), user, may_delete="delete")


def leaf_of(score: Score, number: str) -> Leaf:
    """The page of this number; what is none leads to the first. Raises Http404 where the pages are gone
    already: an erasure takes them first."""
    pages = list(score.pages.order_by("number"))
    if not pages:
        raise Http404
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    found = next((page for page in pages if page.number == wanted), pages[0])
    following = next((page for page in pages if page.number == found.number + 1), None)
    return Leaf(found, len(pages), following)
