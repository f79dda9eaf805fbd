"""The door: is this the child? And how often may be asked.

Only a trusted device may ask at all, and what is counted is one child on one device: whoever guesses
on a classroom's tablet shuts nobody out at home.
"""

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.children import secrets
from apps.children.emails import tell_device_is_locked
from apps.children.models import ChildLogin, SecretAttempt, TrustedDevice
from apps.core import audit
from apps.core.tokens import hash_token

from .errors import DeviceIsLocked, DeviceIsNotTrusted, MustWait, WrongSecret

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
DAY = timedelta(days=1)


def enter_with_secret(*, device: TrustedDevice, value: str, now: datetime) -> User:
    """The child's account, for the right pictures or number.

    Raises WrongSecret, MustWait, DeviceIsLocked, DeviceIsNotTrusted. In a transaction of its own, which
    ends before anything is raised: a wrong try must count, and two at once count each other.
    """
    with transaction.atomic():
        row = _locked_row(device)
        refusal = _refusal_before(row, now)
        if refusal is None and not secrets.matches(row.student.child_login, value):
            refusal = _count_wrong_try(row, now)
        if refusal is None:
            _note_entry(row, now=now, how=row.student.child_login.kind)
    if refusal is not None:
        raise refusal
    return row.student.child_login.user


@transaction.atomic
def enter_with_card(*, device: TrustedDevice, token: str, now: datetime) -> User:
    """The child's account, for the token of their card: 256 bits, so nobody counts tries.

    Raises WrongSecret, DeviceIsLocked, DeviceIsNotTrusted.
    """
    row = _locked_row(device)
    login: ChildLogin = row.student.child_login
    if login.card_hash != hash_token(token):
        raise WrongSecret
    if row.locked_at is not None:
        raise DeviceIsLocked
    _note_entry(row, now=now, how="card")
    return login.user


def _locked_row(device: TrustedDevice) -> TrustedDevice:
    rows = TrustedDevice.objects.live().filter(student__child_login__closed_at__isnull=True)
    row = (
        rows.select_for_update(of=("self",))
        .select_related("student__child_login__user")
        .filter(pk=device.pk, student__child_login__isnull=False)
        .first()
    )
    if row is None:
        raise DeviceIsNotTrusted
    return row


def _refusal_before(device: TrustedDevice, now: datetime) -> Exception | None:
    """What stands against looking at the secret at all; then nothing is counted either."""
    if device.locked_at is not None:
        return DeviceIsLocked()
    until = pause_ends(device)
    if until is None or until <= now:
        return None
    return MustWait(ceil((until - now).total_seconds()))


def pause_ends(device: TrustedDevice) -> datetime | None:
    """When the next try is looked at: after the fifth wrong one in a row a minute later, then two, four …"""
    attempts = SecretAttempt.objects.filter(device=device)
    if device.last_used_at is not None:
        attempts = attempts.filter(at__gt=device.last_used_at)
    wrong = list(attempts.order_by("-at").values_list("at", flat=True))
    beyond = len(wrong) - settings.CHILD_TRIES_BEFORE_PAUSE
    if beyond < 0:
        return None
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(beyond, 10), LONGEST_PAUSE)
    return wrong[0] + pause


def _count_wrong_try(device: TrustedDevice, now: datetime) -> Exception:
    SecretAttempt.objects.create(device=device, at=now)
    today = SecretAttempt.objects.filter(device=device, at__gt=now - DAY).count()
    if today < settings.CHILD_TRIES_PER_DAY:
        return WrongSecret()
    device.locked_at = now
    device.save(update_fields=["locked_at"])
    audit.record(
        action="child.device-locked", actor=None, target=device, now=now, student_id=device.student_id
    )
    tell_device_is_locked(device=device, now=now)
    return DeviceIsLocked()


def _note_entry(device: TrustedDevice, *, now: datetime, how: str) -> None:
    device.last_used_at = now
    device.save(update_fields=["last_used_at"])
    audit.record(
        action="child.signed-in",
        actor=device.student.child_login.user,
        target=device,
        now=now,
        student_id=device.student_id,
        how=how,
    )


def forget_attempts(*, now: datetime) -> None:
    """Drop what no limit counts any more."""
    SecretAttempt.objects.filter(at__lt=now - DAY).delete()
