"""What apps above this one add to the page of an entry, and ask in its form. They say so when they start, and
nothing here knows of them."""

from collections.abc import Callable, Sequence
from typing import Protocol

from django.http import QueryDict
from django.utils.safestring import SafeString

from apps.accounts.models import Student, User

from .content import Along, Line
from .models import PracticeEntry

Part = Callable[[User, PracticeEntry], SafeString]
_parts: list[Part] = []


def entry_part(part: Part) -> Part:
    """Decorates what draws a part of the page, for this reader."""
    _parts.append(part)
    return part


class Question(Protocol):
    """A part of an entry's form. It stands among the lines, before the button that saves."""

    def is_valid(self) -> bool: ...

    def lines(self) -> Sequence[Line]:
        """What was practised by this answer. Only after ``is_valid``, like ``along``."""

    def along(self) -> Along: ...

    def drawn(self) -> SafeString: ...


# The writer, whose diary it is, what was sent, what the address asks for, and the entry if it is a saved one.
Asking = Callable[[User, Student, QueryDict | None, QueryDict, PracticeEntry | None], Question | None]
_questions: list[Asking] = []


def entry_question(asking: Asking) -> Asking:
    """Decorates what makes a question for this writer, or none."""
    _questions.append(asking)
    return asking


def questions_for(
    user: User, student: Student, data: QueryDict | None, asked: QueryDict, entry: PracticeEntry | None = None
) -> list[Question]:
    made = [asking(user, student, data, asked, entry) for asking in _questions]
    return [question for question in made if question is not None]


def parts_for(user: User, entry: PracticeEntry) -> list[SafeString]:
    return [part(user, entry) for part in _parts]
