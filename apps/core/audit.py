"""The door to the audit log."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from .models import AuditEvent


def record(
    *,
    action: str,
    actor: AbstractBaseUser | AnonymousUser | None,
    target: Model,
    now: datetime,
    student_id: UUID | None = None,
    **details: str | int | bool | None,
) -> AuditEvent:
    """Write one row in the caller's transaction. ``details`` are ids and codes, never personal text."""
    return AuditEvent.objects.create(
        at=now,
        actor_id=actor.pk if actor is not None and actor.is_authenticated else None,
        action=action,
        target_type=target._meta.label_lower,
        target_id=target.pk,
        student_id=student_id,
        details=details,
    )
