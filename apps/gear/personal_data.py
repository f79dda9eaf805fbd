"""Whose data the gear is: the student's. Who wrote it down is left out when they leave."""

from collections.abc import Callable

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core import access
from apps.core.ownership import Subject, declare, deleted_with, emptied_with

from .models import Care, Gear

PERSON, DIARY = Subject.PERSON, Subject.STUDENT
WROTE = "What was written down in somebody else's diary stays there, without a name."
HANDS = tuple(
    emptied_with(PERSON, name, because=WROTE, emptied={name: None}) for name in ("added_by", "changed_by")
)


def of_gear(row: str, student: str) -> Callable[[User], Q]:
    """What its reader may see; the family finds what was deleted as long as it is kept."""

    def visible(user: User) -> Q:
        shown = access.allowed(Gear.objects.all(), "view", user).values("pk")
        return Q(**{f"{row}__in": shown}) | Q(**{f"{student}__in": family_ids(user)})

    return visible


declare(
    Gear,
    deleted_with(DIARY, "student", is_exported=True, visible=of_gear("pk", "student")),
    *HANDS,
    exported="id student kind name bought_on notes is_put_away remind_of remind_months remind_from hushed_on"
    " added_by changed_by created_at changed_at deleted_at",
    trash="deleted_at",
)
declare(
    Care,
    deleted_with(DIARY, "gear__student", is_exported=True, visible=of_gear("gear", "gear__student")),
    *HANDS,
    exported="id gear kind done_on words added_by changed_by created_at changed_at deleted_at",
    trash="deleted_at",
)
