"""What apps above this one add to the page of an entry. They say so when they start, and nothing here knows
of them."""

from collections.abc import Callable

from django.utils.safestring import SafeString

from apps.accounts.models import User

from .models import PracticeEntry

Part = Callable[[User, PracticeEntry], SafeString]
_parts: list[Part] = []


def entry_part(part: Part) -> Part:
    """Decorates what draws a part of the page, for this reader."""
    _parts.append(part)
    return part


def parts_for(user: User, entry: PracticeEntry) -> list[SafeString]:
    return [part(user, entry) for part in _parts]
