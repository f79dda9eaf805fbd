"""Whose data ensembles are: the teacher's, who made them, and of each player their own part."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core.ownership import Subject, declare, deleted_with, emptied_with

from .models import Ensemble, GroupPart, GroupSession, Membership

PERSON, DIARY = Subject.PERSON, Subject.STUDENT
TIED = "The others practised together all the same; nothing of whoever leaves stays in it."


def of_family(path: str) -> Any:
    """What the family of today may see of it; the teacher's copy of a diary holds none."""

    def visible(user: User) -> Q:
        return Q(**{f"{path}__in": family_ids(user)})

    return visible


declare(
    Ensemble,
    deleted_with(PERSON, "teacher", is_exported=True),
    exported="id teacher name created_at ended_at",
)
declare(
    Membership,
    deleted_with(DIARY, "teaching__student", is_exported=True, visible=of_family("teaching__student")),
    deleted_with(PERSON, "ensemble__teacher"),
    emptied_with(
        PERSON,
        "agreed_by",
        because="That they were asked stays with the diary; the name that was shown goes.",
        emptied={"agreed_by": None, "agreed_at": None, "shown_name": ""},
    ),
    exported="id ensemble teaching shown_name asked_at agreed_at ended_at",
    derived={"ensemble_name": "ensemble__name"},
    withheld={"Names another person.": "agreed_by"},
)
declare(
    GroupSession,
    deleted_with(PERSON, "ensemble__teacher"),
    emptied_with(
        DIARY,
        "membership__teaching__student",
        because=TIED,
        emptied={"membership": None, "entry": None},
        is_exported=True,
        visible=of_family("membership__teaching__student"),
    ),
    title=_("Sessions with others"),
    exported="id ensemble membership entry created_at",
)
declare(
    GroupPart,
    deleted_with(
        DIARY,
        "membership__teaching__student",
        is_exported=True,
        visible=of_family("membership__teaching__student"),
    ),
    deleted_with(PERSON, "membership__ensemble__teacher"),
    title=_("Parts in sessions of others"),
    exported="id session membership state entry asked_at answered_at",
)
