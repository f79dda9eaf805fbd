"""Whose data these tables hold themselves."""

from collections.abc import Collection
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Model

from apps.core.ownership import Subject, declare, deleted_with, forgets, kept_with

from .models import Erasure, Export

BECAUSE = "That something was erased is proved by ids alone, which lead nowhere any more."

declare(
    Export,
    deleted_with(Subject.PERSON, "requested_by"),
    deleted_with(Subject.STUDENT, "student"),
    withheld={"A copy holds no list of copies.": "*"},
)
declare(
    Erasure,
    kept_with(Subject.PERSON, "asked_by_id", because=BECAUSE),
    kept_with(Subject.PERSON, "settled_by_id", because=BECAUSE),
    kept_with(Subject.PERSON, "subject_id", because=BECAUSE),
    kept_with(Subject.STUDENT, "subject_id", because=BECAUSE),
    withheld={"Says that an erasure was asked for; the account's pages show it.": "*"},
)


@forgets
def forget_copies(model: type[Model], keys: Collection[Any], *, gone: bool) -> None:
    """A copy's file goes before its row."""
    if gone and model is Export:
        for path in Export.objects.filter(pk__in=keys).exclude(path="").values_list("path", flat=True):
            default_storage.delete(path)
