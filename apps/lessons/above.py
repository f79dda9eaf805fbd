"""What apps above this one add to the page of a lesson. They say so when they start, and nothing here knows
of them."""

from collections.abc import Callable

from django.utils.safestring import SafeString

from apps.accounts.models import User

from .models import Lesson

Part = Callable[[User, Lesson], SafeString]
_parts: list[Part] = []


def lesson_part(part: Part) -> Part:
    """Decorates what draws a part of the page, for this reader."""
    _parts.append(part)
    return part


def parts_for(user: User, lesson: Lesson) -> list[SafeString]:
    return [part(user, lesson) for part in _parts]
