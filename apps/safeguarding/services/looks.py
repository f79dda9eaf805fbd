"""Seeing the product as somebody else does: half an hour, for reading only, and they are told."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.core import audit
from apps.safeguarding import emails
from apps.safeguarding.models import Impersonation


class CannotLookAs(Exception):
    """Colleagues, oneself, and accounts that are closed."""


def refuse_look(*, person: User, by: User) -> None:
    """Raises CannotLookAs."""
    has_no_pages = not person.is_active or person.is_child
    if has_no_pages or person.is_staff or person.pk == by.pk or has_rank(person):
        raise CannotLookAs


def has_rank(person: User) -> bool:
    """Whether staff's rights are anywhere on the account, the flag for staff set or not."""
    return person.groups.exists() or bool(person.get_all_permissions())


@transaction.atomic
def start_look(*, person: User, reason: str, by: User, now: datetime) -> Impersonation:
    """Begin, and tell the person. Raises CannotLookAs."""
    refuse_look(person=person, by=by)
    look = Impersonation.objects.create(
        staff=by,
        person=person,
        reason=reason,
        started_at=now,
        expires_at=now + timedelta(minutes=settings.IMPERSONATION_MINUTES),
    )
    audit.record(action="look.started", actor=by, target=person, now=now, look=str(look.pk))
    emails.tell_about_look(look=look, now=now)
    return look


@transaction.atomic
def end_look(*, look: Impersonation, by: User, now: datetime) -> None:
    """End it. Twice changes nothing."""
    if Impersonation.objects.filter(pk=look.pk, ended_at__isnull=True).update(ended_at=now):
        audit.record(action="look.ended", actor=by, target=look.person, now=now, look=str(look.pk))


def note_page(
    *, look: Impersonation, page: str, status: int, case: UUID | None, student_id: UUID | None, now: datetime
) -> None:
    """One row for each page, shown or refused; with a diary on it, the case that allowed it."""
    audit.record(
        action="look.page",
        actor=look.staff,
        target=look.person,
        now=now,
        student_id=student_id,
        look=str(look.pk),
        page=page,
        status=status,
        case=str(case) if case else None,
    )
