"""The plumbing of the outbox: apps post messages here, the notifications app stores and sends them.

Low apps may not import ``notifications``, and yet an invitation and its mail must be written in one
transaction. So this module holds the contract: kinds of message, each with the function that
renders it at the moment of sending, and the one writer that stores what is posted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.contrib.auth.base_user import AbstractBaseUser

# Addresses of children and of erased accounts end so; no mail can ever go there (RFC 2606).
NOBODYS = ".invalid"
# What a kind is rendered from: ids and codes that JSON can carry.
Payload = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, kw_only=True)
class Email:
    """One message as it will leave: subject and both bodies, already in the reader's language."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


# Returns None when the message is no longer wanted or no longer allowed: it is then cancelled.
Render = Callable[[Payload, datetime], Email | None]


class Writer(Protocol):
    def __call__(
        self,
        *,
        kind: str,
        key: str,
        email: str,
        payload: Payload,
        recipient: AbstractBaseUser | None,
        language: str,
        now: datetime,
        expires_at: datetime,
    ) -> None: ...


class UnknownKind(Exception):
    """A message of a kind that nobody can render would never leave."""


class KindAlreadyExists(Exception):
    """Two renderers of one kind would be two truths."""


class NoWriter(Exception):
    """The notifications app is not installed: posting would lose the message."""


_kinds: dict[str, Render] = {}
_writers: list[Writer] = []


def kind(name: str) -> Callable[[Render], Render]:
    """Register the decorated function as the renderer of this kind of message."""

    def register(render: Render) -> Render:
        if name in _kinds:
            raise KindAlreadyExists(name)
        _kinds[name] = render
        return render

    return register


def set_writer(writer: Writer) -> None:
    _writers[:] = [writer]


def renderer(name: str) -> Render:
    """The renderer of a kind; raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def post(
    *,
    kind: str,
    key: str,
    email: str,
    payload: Payload,
    language: str,
    now: datetime,
    expires_at: datetime,
    recipient: AbstractBaseUser | None = None,
) -> None:
    """Store one message for sending, in the caller's transaction.

    ``key`` makes it happen once: a second post with the same key is ignored. The message is
    rendered when it is sent, so it tells the truth of that moment; after ``expires_at`` it is
    not sent at all. Whoever has no real address gets none. Raises UnknownKind and NoWriter.
    """
    renderer(kind)
    if email.endswith(NOBODYS):
        return
    if not _writers:
        raise NoWriter
    _writers[0](
        kind=kind,
        key=key,
        email=email,
        payload=payload,
        recipient=recipient,
        language=language,
        now=now,
        expires_at=expires_at,
    )
