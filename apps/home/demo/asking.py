"""A teacher whom everybody can find, and a mother who has asked there. No mail leaves."""

from datetime import datetime, timedelta

from django.conf import settings

from apps.accounts.models import Student, User
from apps.private_teaching.models import Application, ApplicationMessage, PublishedPage, TeacherProfile
from apps.private_teaching.models.applications import Voice
from apps.private_teaching.models.pages import PageState

BIO = (
    "I teach the guitar to children from eight years on and to grown-ups. In the first lesson we play a song"
    " with two chords. I like folk, blues and whatever you bring along. Lessons are at the music school."
)
ASKED = "Mia sings a lot and would like to accompany herself. Would a Thursday afternoon be possible?"
ANSWERED = "How nice! Thursdays at four are free from next month on. Does she have a small guitar already?"


def publish(teacher: User, *, staff: User, now: datetime) -> TeacherProfile:
    """Approved last month."""
    read = now - timedelta(days=30)
    texts = {
        "display_name": "Samuel",
        "bio": BIO,
        "instruments": ["Guitar", "Ukulele"],
        "languages": ["de", "en"],
    }
    profile = TeacherProfile.objects.create(
        teacher=teacher,
        places=12,
        state=PageState.APPROVED,
        changed_at=read,
        submitted_at=read,
        decided_at=read,
        decided_by=staff,
        **texts,
    )
    PublishedPage.objects.create(profile=profile, approved_at=read, **texts)
    return profile


def ask(teacher: User, *, student: Student, by: User, now: datetime) -> Application:
    """Two days ago; the teacher has asked back, and still has to say yes."""
    asked = now - timedelta(days=2)
    row = Application.objects.create(
        student=student,
        teacher=teacher,
        instrument="Guitar",
        applied_by=by,
        agreed_by=by,
        applied_at=asked,
        expires_at=asked + timedelta(days=settings.APPLICATION_DAYS),
    )
    answered = asked + timedelta(hours=5)
    said = [(by, Voice.GUARDIAN, ASKED, asked), (teacher, Voice.TEACHER, ANSWERED, answered)]
    for author, role, body, at in said:
        ApplicationMessage.objects.create(
            application=row, author=author, author_role=role, body=body, created_at=at
        )
    return row
