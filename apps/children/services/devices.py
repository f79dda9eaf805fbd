"""Trusting a device, and taking that back."""

import secrets
from datetime import datetime

from django.db import transaction

from apps.accounts.models import Student, User
from apps.children.models import SecretAttempt, TrustedDevice, hash_token
from apps.core import audit

LONGEST_NAME = 80


@transaction.atomic
def trust_device(*, student: Student, token: str, name: str, by: User, now: datetime) -> str:
    """Let the child sign in on the device that sent ``token`` ("" if it has none). Returns its new token.

    The token is new each time: one that somebody else had copied, or planted, is worth nothing then.
    """
    new = secrets.token_urlsafe(32)
    if token:
        TrustedDevice.objects.live().with_token(token).update(token_hash=hash_token(new))
    device = TrustedDevice.objects.live().filter(student=student, token_hash=hash_token(new)).first()
    if device is None:
        device = TrustedDevice(student=student, token_hash=hash_token(new))
    device.name, device.trusted_by, device.trusted_at = name[:LONGEST_NAME], by, now
    device.save()
    audit.record(action="child.device-trusted", actor=by, target=device, now=now, student_id=student.pk)
    return new


@transaction.atomic
def revoke_device(*, device: TrustedDevice, by: User, now: datetime) -> None:
    """The child's session there ends with this commit: each page asks for the row."""
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
