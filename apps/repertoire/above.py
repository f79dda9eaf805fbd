"""What apps above this one add: something on the page of a piece or skill, and what moves when two pieces
become one. They say so when they start, and nothing here knows of them."""

from collections.abc import Callable

from django.utils.safestring import SafeString

from apps.accounts.models import User

from .models import Piece, Skill

Part = Callable[[User, Piece | Skill], SafeString]
Follow = Callable[[Piece, Piece], None]
_parts: list[Part] = []
_follow: list[Follow] = []


def page_part(part: Part) -> Part:
    """Decorates what draws a part of the page, for this reader."""
    _parts.append(part)
    return part


def parts_for(user: User, thing: Piece | Skill) -> list[SafeString]:
    return [part(user, thing) for part in _parts]


def follows_merges(follow: Follow) -> Follow:
    """Decorates what moves rows from the piece that goes to the one that stays, inside the merge's own
    transaction and under the student's row lock: no signal after the commit, for a row that stayed behind
    would be lost with its piece."""
    _follow.append(follow)
    return follow


def move_along(gone: Piece, kept: Piece) -> None:
    for follow in _follow:
        follow(gone, kept)
