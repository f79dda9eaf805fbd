"""What can be reported, as an upper app hands it over."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One thing that somebody may see and report. ``text`` is what stands there now: the evidence.

    ``title`` names it on the page; ``back_url`` is where it stands. What is about no student has no
    ``student_id``.
    """

    kind: str
    pk: UUID
    student_id: UUID | None
    author_id: UUID | None
    text: str
    title: str
    back_url: str
