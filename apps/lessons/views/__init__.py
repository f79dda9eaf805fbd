from .planning import lesson_add, lesson_cancel, lesson_edit
from .reading import lesson_detail, lesson_report, student_lessons, week
from .writing import lesson_attendance, lesson_notes

__all__ = [
    "lesson_add",
    "lesson_attendance",
    "lesson_cancel",
    "lesson_detail",
    "lesson_edit",
    "lesson_notes",
    "lesson_report",
    "student_lessons",
    "week",
]
