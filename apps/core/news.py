"""The plumbing of what people are told on their pages: apps tell it, the notifications app keeps it.

As with mails (``core.outbox``) low apps may not import ``notifications``, and yet what happened and the word
of it must be written in one transaction. A row holds no words, only what it is about: they are made when they
are read, from what the reader may see at that moment.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Line:
    """One piece of news in the reader's language: what a list says, and where it leads."""

    text: str
    url: str
    icon: str


# Asked for many at once, so that a page costs a query a kind. What the reader may not read, or what is gone,
# is missing in the answer, and then there was no news.
Lines = Callable[[Any, Collection[UUID]], Mapping[UUID, Line]]


@dataclass(frozen=True, kw_only=True)
class Word:
    """One thing, and whose accounts are told of it, as long as they see the student of whom it speaks."""

    about: UUID
    student_id: UUID | None
    readers: Collection[Any]


class Keeper(Protocol):
    def tell(self, *, kind: str, words: Collection[Word], now: datetime) -> None: ...

    def seen(self, *, kind: str, about: Collection[UUID], by: Any, now: datetime) -> None: ...

    def take_back(self, *, kind: str, about: Collection[UUID]) -> None: ...


class UnknownKind(Exception):
    """News of a kind that nobody can put into words."""


class KindAlreadyExists(Exception):
    """Two ways to say one thing would be two truths."""


class NoKeeper(Exception):
    """The notifications app is not installed: telling would lose the news."""


_kinds: dict[str, Lines] = {}
_keepers: list[Keeper] = []


def kind(name: str) -> Callable[[Lines], Lines]:
    """Register the decorated function as the words of this kind of news."""

    def register(lines: Lines) -> Lines:
        if name in _kinds:
            raise KindAlreadyExists(name)
        _kinds[name] = lines
        return lines

    return register


def set_keeper(keeper: Keeper) -> None:
    _keepers[:] = [keeper]


def lines(name: str) -> Lines:
    """The words of a kind; raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def _keeper() -> Keeper:
    if not _keepers:
        raise NoKeeper
    return _keepers[0]


def tell(*, kind: str, words: Collection[Word], now: datetime) -> None:
    """In the caller's transaction. The same thing is told to the same person once, whoever repeats it.

    Raises UnknownKind and NoKeeper.
    """
    lines(kind)
    _keeper().tell(kind=kind, words=words, now=now)


def seen(*, kind: str, about: Collection[UUID], by: Any, now: datetime) -> None:
    """This person has come across it by themselves, so it is no news to them any more."""
    _keeper().seen(kind=kind, about=about, by=by, now=now)


def take_back(*, kind: str, about: Collection[UUID]) -> None:
    """What it was about is gone: nobody is told of it any more."""
    _keeper().take_back(kind=kind, about=about)
