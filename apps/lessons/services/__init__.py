"""Every write of lessons."""

from .series import Planned, plan_series
from .single import (
    DayIsTooFar,
    LessonOverlaps,
    cancel_lesson,
    change_lesson,
    delete_lesson,
    plan_lesson,
    write_notes,
)

__all__ = [
    "DayIsTooFar",
    "LessonOverlaps",
    "Planned",
    "cancel_lesson",
    "change_lesson",
    "delete_lesson",
    "plan_lesson",
    "plan_series",
    "write_notes",
]
