"""Every write of lessons."""

from .series import Planned, plan_series
from .single import (
    AttendanceIsNotYet,
    DayIsTooFar,
    LessonOverlaps,
    cancel_lesson,
    change_lesson,
    delete_lesson,
    note_attendance,
    plan_lesson,
    write_notes,
)

__all__ = [
    "AttendanceIsNotYet",
    "DayIsTooFar",
    "LessonOverlaps",
    "Planned",
    "cancel_lesson",
    "change_lesson",
    "delete_lesson",
    "note_attendance",
    "plan_lesson",
    "plan_series",
    "write_notes",
]
