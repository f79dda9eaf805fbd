"""What the pages of assignments begin with."""

from uuid import UUID

from apps.accounts.models import User
from apps.accounts.prepared import Door
from apps.assignments.models import Challenge, Participation, Template
from apps.assignments.queries import AssignmentNow, assignment_rows, now_of

template_or_404 = Door(lambda reader: Template.objects.all())
challenge_or_404 = Door(lambda reader: Challenge.objects.all())
participation_or_404 = Door(
    lambda reader: Participation.objects.select_related("teaching__student", "challenge")
)
_assignment_or_404 = Door(assignment_rows)


def assignment_or_404(user: User, assignment: UUID, action: str = "view") -> AssignmentNow:
    return now_of(_assignment_or_404(user, assignment, action))
