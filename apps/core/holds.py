"""Rows that must stay although their time is over: whoever has a reason registers how to ask for them."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db.models import Model

# Which of these rows of the model must stay.
Hold = Callable[[type[Model], Collection[Any]], Collection[Any]]

_holds: list[Hold] = []


def holds(function: Hold) -> Hold:
    """Register a function that is asked before anything is purged."""
    _holds.append(function)
    return function


def held(model: type[Model], keys: Collection[Any]) -> set[Any]:
    """Those of the rows that somebody holds; the one question that a purge asks."""
    return {key for function in _holds for key in function(model, keys)}


# Whether an erasure of this subject ("person" or "student") with this key has begun.
Begun = Callable[[str, UUID], bool]

_begun: list[Begun] = []


def begun(function: Begun) -> Begun:
    """Register who knows what is being erased: whoever places a hold then must hear that it comes late."""
    _begun.append(function)
    return function


def has_begun(subject: str, key: UUID) -> bool:
    return any(function(subject, key) for function in _begun)
