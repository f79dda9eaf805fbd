"""Whose data sheet music is: the student's. What others added stays there without their names."""

from collections.abc import Callable

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core import access
from apps.core.ownership import Subject, declare, deleted_with, emptied_with, kept_with

from .models import Score, ScorePage


def seen_by(row: str, student: str) -> Callable[[User], Q]:
    """What its reader may see, also of what they added: it is in somebody else's diary, and a copy follows
    the right to look at it. The family finds what was deleted as long as it is kept."""

    def visible(user: User) -> Q:
        shown = access.allowed(Score.objects.all(), "view", user).values("pk")
        return Q(**{f"{row}__in": shown}) | Q(**{f"{student}__in": family_ids(user)})

    return visible


ADDED = "What was added to somebody else's diary stays there, without a name."

declare(
    Score,
    deleted_with(Subject.STUDENT, "student", is_exported=True, visible=seen_by("pk", "student")),
    emptied_with(
        Subject.PERSON,
        "added_by",
        because=ADDED,
        emptied={"added_by": None},
        is_exported=True,
        visible=seen_by("pk", "student"),
    ),
    exported="id student piece title added_by created_at deleted_at",
    trash="deleted_at",
)
declare(
    ScorePage,
    deleted_with(
        Subject.STUDENT, "score__student", is_exported=True, visible=seen_by("score", "score__student")
    ),
    kept_with(
        Subject.PERSON,
        "score__added_by",
        because=ADDED,
        is_exported=True,
        visible=seen_by("score", "score__student"),
    ),
    exported="id score number picture file_size width height",
    stored="picture",
)
