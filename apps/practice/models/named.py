"""Keys of what an entry may name: an instrument, an occasion."""

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Thing = TypeVar("Thing", bound=models.Model)


def named(model: type[Thing], label: "_StrPromise") -> "models.ForeignKey[Thing | None, Thing | None]":
    """What an entry names; it stays when that goes. Most name nothing: the table has an index of those that
    do, in the place of one of all."""
    return models.ForeignKey(
        model,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )


def named_then(name: str, label: "_StrPromise") -> "models.UUIDField[Any, Any]":
    """The key of what a version of an entry named, whatever became of it.

    No relation: what is purged takes along what hangs on it, and the history of an entry does not hang on its
    violin. Nobody asks which versions name something, so there is no index either.
    """
    return models.UUIDField(label, db_column=f"{name}_id", null=True, blank=True)
