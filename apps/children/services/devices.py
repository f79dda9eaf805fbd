"""Trusting a device, and taking that back."""

import secrets
from datetime import datetime

from django.db import transaction

from apps.accounts.models import Student, User
from apps.accounts.services.family import lock_student
from apps.children.emails import tell_device_is_trusted
from apps.children.models import SecretAttempt, TrustedDevice
from apps.core import audit
from apps.core.tokens import hash_token

LONGEST_NAME = 80


@transaction.atomic
def trust_device(*, student: Student, token: str, name: str, by: User, now: datetime) -> str:
    """Let the child sign in on the device that sent ``token`` ("" if it has none). Returns its new token.

    The token is new each time: one that somebody else had copied, or planted, is worth nothing then.
    """
    lock_student(student)
    new = secrets.token_urlsafe(32)
    if token:
        TrustedDevice.objects.live().with_token(token).update(token_hash=hash_token(new))
    device, is_new = TrustedDevice.objects.live().update_or_create(
        student=student,
        token_hash=hash_token(new),
        defaults={"name": name[:LONGEST_NAME], "trusted_by": by, "trusted_at": now},
    )
    audit.record(action="child.device-trusted", actor=by, target=device, now=now, student_id=student.pk)
    if is_new:
        tell_device_is_trusted(device=device, by=by, now=now)
    return new


@transaction.atomic
def revoke_device(*, device: TrustedDevice, by: User, now: datetime) -> None:
    """The child's session there ends with this commit: each page asks for the row."""
    lock_student(device.student)
    device.revoked_at = now
    device.save(update_fields=["revoked_at"])
    audit.record(
        action="child.device-revoked", actor=by, target=device, now=now, student_id=device.student_id
    )


@transaction.atomic
def unlock_device(*, device: TrustedDevice, by: User, now: datetime) -> None:
    """The child may try again there, from the start."""
    SecretAttempt.objects.filter(device=device).delete()
    device.locked_at = None
    device.save(update_fields=["locked_at"])
    audit.record(
        action="child.device-unlocked", actor=by, target=device, now=now, student_id=device.student_id
    )
