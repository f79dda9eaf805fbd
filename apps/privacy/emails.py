"""Mails about copies and erasures. They lead to a page, never to a file, and name nobody in the subject."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import Student, User
from apps.core import access, outbox
from apps.core.mailing import absolute_url, render_email

from . import queries
from .models import Erasure, ErasureState, Export

NEWS_LIFETIME = timedelta(days=3)


@outbox.kind("privacy.export-ready")
def export_ready_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """Where to fetch the copy; none when it is gone, or no longer this reader's to have."""
    export = Export.objects.select_related("requested_by").filter(pk=UUID(str(payload["export"]))).first()
    if export is None or not access.is_allowed("download", export.requested_by, export):
        return None
    return render_email(
        "export_ready", {"until": export.expires_at, "is_diary": export.student_id, "url": _page_of(export)}
    )


def _page_of(export: Export) -> str:
    if export.student_id is None:
        return absolute_url("privacy:person-data")
    return absolute_url("privacy:student-data", export.student_id)


def tell_export_is_ready(*, export: Export, now: datetime) -> None:
    reader = export.requested_by
    outbox.post(
        kind="privacy.export-ready",
        key=f"privacy.export-ready:{export.pk}:email:{reader.pk}",
        email=reader.email,
        payload={"export": str(export.pk)},
        recipient=reader,
        language=reader.language,
        now=now,
        expires_at=export.expires_at or now + NEWS_LIFETIME,
    )


@outbox.kind("privacy.erasure-asked")
def erasure_asked_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """That something is to be erased, from when on, and where to stop it; none once that is settled."""
    return _erasure_mail("erasure_asked", payload, ErasureState.WAITING)


@outbox.kind("privacy.erasure-stopped")
def erasure_stopped_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """That nothing will be erased."""
    return _erasure_mail("erasure_stopped", payload, ErasureState.UNDONE, ErasureState.OBJECTED)


@outbox.kind("privacy.erasure-refused")
def erasure_refused_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """That an account stays although the month is over, and what its person can do."""
    return _erasure_mail("erasure_refused", payload, ErasureState.UNDONE)


def _erasure_mail(name: str, payload: outbox.Payload, *states: ErasureState) -> outbox.Email | None:
    erasure = Erasure.objects.filter(pk=UUID(str(payload["erasure"])), state__in=states).first()
    reader = User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()
    if erasure is None or reader is None or not access.is_allowed("view", reader, erasure):
        return None
    student = Student.objects.filter(pk=erasure.student_id).first() if erasure.student_id else None
    by = queries.account(erasure.settled_by_id or (erasure.asked_by_id if erasure.is_waiting else None))
    return render_email(
        name,
        {
            "student": student,
            "by": by.get_full_name() if by else "",
            "is_mine": erasure.asked_by_id == reader.pk,
            "on": erasure.due_at,
            "news": payload.get("news", ""),
            "alone": [] if student else list(queries.left_alone(reader.pk)),
            "diaries": [] if student else _names(queries.diaries_that_go(reader.pk).exclude(user=reader)),
            "url": absolute_url("privacy:student-data", student.pk)
            if student
            else absolute_url("privacy:person-data"),
        },
    )


def _names(students: QuerySet[Student]) -> str:
    return ", ".join(students.values_list("name", flat=True))


def tell_about_erasure(
    *, kind: str, erasure: Erasure, readers: list[User], now: datetime, news: str = ""
) -> None:
    """Put the news for these people into the outbox, once for each date; it is worth nothing once the
    erasure has begun.
    """
    for reader in readers:
        outbox.post(
            kind=kind,
            key=f"{kind}:{erasure.pk}:{erasure.due_at:%Y-%m-%d}:{news}:email:{reader.pk}",
            email=reader.email,
            payload={"erasure": str(erasure.pk), "reader": str(reader.pk), "news": news},
            recipient=reader,
            language=reader.language,
            now=now,
            expires_at=max(erasure.due_at, now + NEWS_LIFETIME),
        )
