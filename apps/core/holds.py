"""Rows that must stay although their time is over: whoever has a reason registers how to ask for them."""

from collections.abc import Callable, Collection
from typing import Any

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
