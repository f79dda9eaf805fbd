"""What an invitation can offer, as data: one ``Role`` for each, added where the rows live that it makes.

Accounts adds its own in ``own_roles``; an app above adds the roles that make its rows. Whoever reads an
invitation asks ``role_of`` and needs to know none of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from .models import Invitation, User
from .models.invitations import InvitationRole

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from .accept_forms import AcceptForm


class Route(StrEnum):
    """How an invitation leaves."""

    MAIL = "mail"
    CODE = "code"


class TakeUp(Protocol):
    """Make what was offered real, for the account that accepts.

    Runs in the transaction that holds the invitation and its student, if it has one. ``answers`` are
    what the accept page's form asked. May set ``invitation.student``, and refuses by raising an
    error of ``services.errors``.
    """

    def __call__(
        self, invitation: Invitation, *, by: User, answers: Mapping[str, Any], now: datetime
    ) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Role:
    """``may_offer`` is the action that the access rules ask for: on the student, or on the sender's own
    account where there is no student yet. ``asks`` makes the form of the accept page, from what was sent,
    the invitation and who answers. Words with ``%(name)s`` take the student's name.
    """

    name: InvitationRole
    may_offer: str
    routes: frozenset[Route]
    asks: "Callable[..., AcceptForm]"
    take_up: TakeUp
    # Over a card with a code.
    card: "_StrPromise"
    # What declining says.
    refusal: "_StrPromise"
    welcome: "_StrPromise"


class RoleAlreadyAdded(Exception):
    """Two meanings of one role would be two truths."""


_roles: dict[str, Role] = {}


def add(role: Role) -> Role:
    if role.name in _roles:
        raise RoleAlreadyAdded(role.name)
    _roles[role.name] = role
    return role


def role_of(name: str) -> Role:
    """Every role that the model knows has been added when the site has started: a test holds it."""
    return _roles[name]


def all_roles() -> list[Role]:
    return list(_roles.values())
