"""What the filters of a history offer, as columns of the student: no query of their own."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from apps.accounts.models import Student, User
from apps.core.access import allowed
from apps.practice.models import SavedFilter
from apps.repertoire.models import Piece, Skill

THINGS = ("pieces", "skills")
# Somebody with more pupils than these finds them on the page of all pupils.
MOST_DIARIES = 60


def _rows(found: "QuerySet[Any]", **columns: Any) -> ArraySubquery:
    return ArraySubquery(found.values(data=JSONObject(**columns)))


def things_to_filter_by() -> dict[str, ArraySubquery]:
    """The student's pieces and skills."""
    here = OuterRef("pk")
    pieces = Piece.objects.kept().filter(student=here).order_by("title_key", "composer_key", "pk")
    skills = Skill.objects.kept().filter(student=here).order_by("name_key", "pk")
    return {
        "pieces": _rows(pieces, id="pk", title="title", composer="composer", status="status"),
        "skills": _rows(skills, id="pk", name="name", is_archived="is_archived"),
    }


def own_of(user: User) -> dict[str, ArraySubquery]:
    """The reader's own filters of this diary, and the other diaries that they read."""
    here = OuterRef("pk")
    saved = SavedFilter.objects.filter(user=user, student=here).order_by("created_at", "pk")
    others = allowed(Student.objects.exclude(pk=here), "view", user).order_by("name", "pk")[:MOST_DIARIES]
    return {
        "saved": _rows(saved, id="pk", name="name", query="query"),
        "diaries": _rows(others, id="pk", name="name"),
    }
