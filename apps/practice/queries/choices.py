"""What the filters of a history offer, as columns of the student: no query of their own."""

from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Q, QuerySet, When
from django.db.models.functions import JSONArray, JSONObject

from apps.accounts.models import Student, User
from apps.core.access import allowed
from apps.practice.models import SavedFilter
from apps.repertoire.models import Piece, Skill
from apps.repertoire.models.pieces import PieceStatus

THINGS = ("pieces", "skills")
# Pieces that somebody works on.
AT_WORK = (PieceStatus.LEARNING, PieceStatus.POLISHING)
# What a list to choose from holds at most; what is chosen is in it.
MOST_OFFERED = 100
# Somebody with more pupils than these finds them on the page of all pupils.
MOST_DIARIES = 60
# For an address that asks for no piece or skill.
NOT_CHOSEN = UUID(int=0)


def _rows(found: "QuerySet[Any]", **columns: Any) -> ArraySubquery:
    return ArraySubquery(found.values(data=JSONObject(**columns)))


def things_to_filter_by(*, piece: UUID, skill: UUID) -> dict[str, ArraySubquery]:
    """The student's pieces and skills without those that were put away; what is chosen is among them.

    Where there are more than can be offered: those that somebody works on.
    """
    here = OuterRef("pk")
    pieces = _offered(Piece, piece, ~Q(status=PieceStatus.ARCHIVED), When(status__in=AT_WORK, then=1))
    skills = _offered(Skill, skill, Q(is_archived=False))
    by_title = pieces.filter(student=here).order_by("rank", "title_key", "composer_key", "pk")
    by_name = skills.filter(student=here).order_by("rank", "name_key", "pk")
    title = {"title": "title", "composer": "composer", "status": "status"}
    return {
        "pieces": _rows(
            by_title[:MOST_OFFERED], id="pk", key=JSONArray("title_key", "composer_key"), **title
        ),
        "skills": _rows(by_name[:MOST_OFFERED], id="pk", key=JSONArray("name_key"), name="name"),
    }


def _offered(model: type[Piece | Skill], chosen: UUID, kept: Q, *before: When) -> "QuerySet[Any]":
    rank = Case(When(pk=chosen, then=0), *before, default=2)
    return model._default_manager.filter(kept | Q(pk=chosen), deleted_at__isnull=True).annotate(rank=rank)


def own_of(user: User) -> dict[str, ArraySubquery]:
    """The reader's own filters of this diary, and the other diaries that they read."""
    here = OuterRef("pk")
    saved = SavedFilter.objects.filter(user=user, student=here).order_by("created_at", "pk")
    others = allowed(Student.objects.exclude(pk=here), "view", user).order_by("name", "pk")[:MOST_DIARIES]
    return {
        "saved": _rows(saved, id="pk", name="name", query="query"),
        "diaries": _rows(others, id="pk", name="name"),
    }
