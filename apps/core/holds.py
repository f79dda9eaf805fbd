"""What must stay although its time is over: whoever has a reason registers how to ask for it."""

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


# Which of these files of the storage must stay, by name.
FileHold = Callable[[Collection[str]], Collection[str]]

_file_holds: list[FileHold] = []


def holds_files(function: FileHold) -> FileHold:
    """Register a function that is asked before a file that was somebody's is deleted, by an erasure too."""
    _file_holds.append(function)
    return function


def held_files(names: Collection[str]) -> set[str]:
    """Those of the files that somebody holds; nobody is asked where there are none."""
    return {name for function in _file_holds for name in function(names)} if names else set()


# Whether an erasure of this subject ("person" or "student") with this key has begun.
Begun = Callable[[str, UUID], bool]

_begun: list[Begun] = []


def begun(function: Begun) -> Begun:
    """Register who knows what is being erased: whoever places a hold then must hear that it comes late."""
    _begun.append(function)
    return function


def has_begun(subject: str, key: UUID) -> bool:
    return any(function(subject, key) for function in _begun)
