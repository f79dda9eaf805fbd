"""What the pages of lessons begin with, and how each write ends."""

from uuid import UUID

from apps.accounts.models import Student, User
from apps.core.access import get_allowed_or_404, with_permission
from apps.lessons.models import Lesson


def lesson_or_404(user: User, lesson: UUID, action: str = "view") -> Lesson:
    rows = Lesson.objects.select_related("teaching__student", "teacher", "added_by", "changed_by")
    return get_allowed_or_404(with_permission(rows, user, may_change="change"), action, user, pk=lesson)


def student_or_404(user: User, student: UUID) -> Student:
    return get_allowed_or_404(Student.objects.all(), "view_lessons", user, pk=student)
