"""What a family's rules ask about lessons, which stand above them."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.services import asks_who_answers, when_suspended

from .models import Application, Teaching
from .services import close_requests_of, hold_lessons, resume_teaching


@asks_who_answers
def is_teacher(user: User, student: Student | None) -> bool:
    """Also in a pause: lessons that may go on."""
    rows = Teaching.objects.unended().by(user)
    return (rows if student is None else rows.filter(student=student)).exists()


@when_suspended
def pause_lessons(*, student: Student, person: User, by: User, now: datetime) -> None:
    """Lessons that began with an invitation of this person, or with a request that they stood behind. The
    family resumes them; the teacher cannot, not even where the pause was theirs. What they asked, or agreed
    to, and nobody has answered is taken back."""
    close_requests_of(student=student, person=person, by=by, now=now)
    offers = Invitation.objects.filter(
        role=InvitationRole.TEACHER,
        student=student,
        invited_by=person,
        accepted_by=OuterRef("teacher"),
        # Both are the moment of accepting; who taught already was let in by somebody else.
        accepted_at=OuterRef("started_at"),
    )
    requests = Application.objects.filter(teaching=OuterRef("pk"), agreed_by=person)
    begun = Exists(offers) | Exists(requests)
    for teaching in Teaching.objects.unended().filter(begun, student=student):
        resume_teaching(teaching=teaching, by=by, now=now)
        hold_lessons(teaching=teaching, by=by, now=now)
