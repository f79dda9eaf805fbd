"""What the pages of assignments begin with."""

from uuid import UUID

from apps.accounts.models import Student, User
from apps.assignments.queries import AssignmentNow, assignment_rows, now_of
from apps.core.access import get_allowed_or_404


def assignment_or_404(user: User, assignment: UUID, action: str = "view") -> AssignmentNow:
    return now_of(get_allowed_or_404(assignment_rows(user), action, user, pk=assignment))


def student_or_404(user: User, student: UUID) -> Student:
    return get_allowed_or_404(Student.objects.all(), "view_assignments", user, pk=student)
