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


def named_then(model: type[models.Model], label: "_StrPromise") -> "models.ForeignKey[Any, Any]":
    """What a version of an entry named, whatever became of it.

    The key that the versions would get by themselves brings an index along, for which every write of an entry
    would pay, and nobody asks which versions name something.
    """
    return models.ForeignKey(
        model,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        related_query_name="+",
        db_constraint=False,
        db_index=False,
    )
