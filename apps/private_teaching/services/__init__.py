"""Every write about lessons, teachers' public pages and requests for lessons."""

from .lessons import (
    CannotBePaused,
    InstrumentAlreadyTaught,
    StudentAlreadyAdded,
    add_student,
    end_teaching,
    extend_cover,
    let_in_again,
    pause_teaching,
    resume_teaching,
    start_teaching,
)

__all__ = [
    "CannotBePaused",
    "InstrumentAlreadyTaught",
    "StudentAlreadyAdded",
    "add_student",
    "end_teaching",
    "extend_cover",
    "let_in_again",
    "pause_teaching",
    "resume_teaching",
    "start_teaching",
]
