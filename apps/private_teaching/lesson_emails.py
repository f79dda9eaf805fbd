"""The mail about lessons that a teacher began, rendered when it is sent: by then the reader may know less."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import outbox
from apps.core.mailing import absolute_url, render_email

from . import queries
from .models import Teaching

KIND = "private_teaching.instrument-added"
NEWS_LIFETIME = timedelta(days=7)


@outbox.kind(KIND)
def instrument_added(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """What the teacher teaches as well; none when it has ended, or the reader no longer sees the diary."""
    lessons = Teaching.objects.current().select_related("student", "teacher")
    teaching = lessons.filter(pk=UUID(str(payload["teaching"]))).first()
    reader = User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()
    if teaching is None or reader is None or not reader.has_perm("accounts.view_student", teaching.student):
        return None
    words = {
        "teacher": teaching.teacher.get_full_name(),
        "student": teaching.student.get_short_name(),
        "instrument": teaching.instrument,
    }
    return render_email(
        "family_news",
        {
            "subject": _("New lessons for %(student)s") % words,
            "paragraphs": [
                _("%(teacher)s now also teaches %(student)s %(instrument)s.") % words,
                _("If that is not right, you can end these lessons on the page of the people."),
            ],
            "url": absolute_url("private_teaching:student-people", teaching.student_id),
            "label": _("See who may read the diary"),
        },
    )


def tell_family(*, teaching: Teaching, now: datetime) -> None:
    """The guardians and the student's own login."""
    family = queries.accounts_of(teaching.student)
    for reader in family.exclude(pk=teaching.teacher_id).order_by("pk"):
        outbox.post(
            kind=KIND,
            key=f"{KIND}:{teaching.pk}:email:{reader.pk}",
            email=reader.email,
            payload={"teaching": str(teaching.pk), "reader": str(reader.pk)},
            recipient=reader,
            language=reader.language,
            now=now,
            expires_at=now + NEWS_LIFETIME,
        )
