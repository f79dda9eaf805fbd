"""Whose data evidence is: the student's. What others added stays there without their names."""

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core import access
from apps.core.ownership import Subject, declare, deleted_with, emptied_with

from .models import Evidence


def seen_by(user: User) -> Q:
    """What its reader may see, also of what they added: a picture is of somebody else's child, and follows
    the right to look at it. The family finds what was deleted as long as it is kept."""
    shown = access.allowed(Evidence.objects.all(), "view", user).values("pk")
    return Q(pk__in=shown) | Q(student__in=family_ids(user))


declare(
    Evidence,
    deleted_with(Subject.STUDENT, "student", is_exported=True, visible=seen_by),
    emptied_with(
        Subject.PERSON,
        "added_by",
        because="What was added to somebody else's diary stays there, without a name.",
        emptied={"added_by": None},
        is_exported=True,
        visible=seen_by,
    ),
    exported="id student entry skill lesson kind body link picture file_name file_size width height added_by"
    " created_at deleted_at",
    stored="picture",
    trash="deleted_at",
)
