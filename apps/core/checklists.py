"""A role's first steps, as ``components/checklist.html`` shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words = Union[str, "_StrPromise"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``done`` follows from rows, never from a click on the list."""

    title: Words
    done: bool
    text: Words = ""
    url: str = ""
    action: Words = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    title: Words
    steps: Sequence[Step]
    hide_url: str

    @property
    def done_count(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def is_done(self) -> bool:
        return self.done_count == len(self.steps)
