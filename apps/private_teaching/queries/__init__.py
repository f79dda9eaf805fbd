"""Who is around a student, what teachers publish, and who asks whom for lessons."""

from .applications import (
    author_name,
    free_places,
    is_agreed,
    of_student,
    open_to,
    teacher_name,
    thread_of,
    waiting_number,
    with_agreement,
)
from .pages import own_page, published_page, published_pages
from .people import (
    CodeSheet,
    HandOver,
    People,
    code_sheet,
    hand_over_of,
    paused_pupils,
    people_of,
    pupils_to_come,
    who_sees,
    with_buttons,
)

__all__ = [
    "CodeSheet",
    "HandOver",
    "People",
    "author_name",
    "code_sheet",
    "free_places",
    "hand_over_of",
    "is_agreed",
    "of_student",
    "open_to",
    "own_page",
    "paused_pupils",
    "people_of",
    "published_page",
    "published_pages",
    "pupils_to_come",
    "teacher_name",
    "thread_of",
    "waiting_number",
    "who_sees",
    "with_agreement",
    "with_buttons",
]
