"""Breaking the glass: a reason, one student, an hour, and the family knows."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Student, User
from apps.core import audit
from apps.safeguarding import emails, queries
from apps.safeguarding.models import ReadingCase


class CaseIsClosed(Exception):
    """It was closed before, or its hour is over."""


@transaction.atomic
def open_case(*, student: Student, category: str, reason: str, by: User, now: datetime) -> ReadingCase:
    """Let ``by`` read this student's content for an hour, and tell the family."""
    case = ReadingCase.objects.create(
        staff=by,
        staff_kind=queries.kind_of(by),
        student=student,
        category=category,
        reason=reason,
        opened_at=now,
        expires_at=now + timedelta(minutes=settings.CASE_MINUTES),
    )
    audit.record(
        action="case.opened", actor=by, target=case, now=now, student_id=student.pk, category=category
    )
    emails.tell_about_reading(case=case, readers=queries.family_of(student.pk), now=now)
    return case


@transaction.atomic
def close_case(*, case: ReadingCase, by: User, now: datetime) -> None:
    """Nothing can be read with it from this commit on. Raises CaseIsClosed."""
    if not ReadingCase.objects.open(now).filter(pk=case.pk).update(closed_at=now):
        raise CaseIsClosed
    audit.record(action="case.closed", actor=by, target=case, now=now, student_id=case.student_id)
