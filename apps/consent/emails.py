"""Mails about consents. A subject stands on lock screens: it never carries a child's surname."""

from datetime import datetime, timedelta
from uuid import UUID

from apps.accounts.models import Student, User
from apps.core import outbox
from apps.core.mailing import absolute_url, render_email

from . import queries
from .models import Confirmation, ConsentEvent, Method
from .texts import text_of

NEWS_LIFETIME = timedelta(days=3)


@outbox.kind("consent.confirm")
def confirm_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """What was agreed to in this person's name, and the link to take it back; none when it does not stand."""
    found = Confirmation.objects.select_related("event__by").filter(pk=UUID(str(payload["confirmation"])))
    confirmation = found.first()
    if confirmation is None or confirmation.is_over(now):
        return None
    event = confirmation.event
    student = Student.objects.filter(pk=event.student_id).first()
    if student is None or queries.last_word(student.pk, event.purpose) != event:
        return None
    if not queries.is_still_guardian(event.by, student.pk):
        return None
    return render_email(
        "consent_confirm",
        {
            "name": student.get_short_name(),
            "on": event.at,
            "until": confirmation.expires_at,
            "text": text_of(event.purpose, event.text_version),
            "url": absolute_url("consent:confirmation-show", confirmation.token),
        },
    )


def ask_whether_it_was_them(*, confirmation: Confirmation, reader: User, now: datetime) -> None:
    outbox.post(
        kind="consent.confirm",
        key=f"consent.confirm:{confirmation.pk}:email:{reader.pk}",
        email=reader.email,
        payload={"confirmation": str(confirmation.pk)},
        recipient=reader,
        language=reader.language,
        now=now,
        expires_at=confirmation.expires_at,
    )


@outbox.kind("consent.changed")
def changed_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """What another guardian said; none for who is no guardian any more, or when it was settled otherwise."""
    event = queries.last_word(UUID(str(payload["student"])), str(payload["purpose"]))
    reader = User.objects.filter(pk=UUID(str(payload["reader"]))).first()
    if event is None or event.at.isoformat() != payload["at"]:
        return None
    if reader is None or not queries.is_still_guardian(reader, event.student_id):
        return None
    student = Student.objects.get(pk=event.student_id)
    return render_email(
        "consent_changed",
        {
            "name": student.get_short_name(),
            "by": event.by.get_full_name(),
            "is_given": event.given,
            "is_by_staff": event.method == Method.OBJECTION,
            "is_core": event.purpose == "core",
            "text": text_of(event.purpose, event.text_version),
            "url": absolute_url("consent:student-consents", student.pk),
        },
    )


def tell_what_was_said(*, event: ConsentEvent, readers: list[User], now: datetime) -> None:
    for reader in readers:
        outbox.post(
            kind="consent.changed",
            key=f"consent.changed:{event.student_id}:{event.purpose}:{event.at.isoformat()}:email:{reader.pk}",
            email=reader.email,
            payload={
                "student": str(event.student_id),
                "purpose": event.purpose,
                "at": event.at.isoformat(),
                "reader": str(reader.pk),
            },
            recipient=reader,
            language=reader.language,
            now=now,
            expires_at=now + NEWS_LIFETIME,
        )
