"""Mails about children's sign-ins; to guardians only, and the subject never carries a surname."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import Guardianship, User
from apps.core import access, outbox
from apps.core.mailing import absolute_url, render_email

from .models import TrustedDevice

NEWS_LIFETIME = timedelta(days=3)


@outbox.kind("children.device-locked")
def device_locked_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """That somebody tried too often; none when a guardian has settled it, or for who is none any more."""
    device, reader = _device(payload), _reader(payload)
    if device is None or device.locked_at is None or reader is None:
        return None
    if not access.is_allowed("manage", reader, device):
        return None
    return render_email(
        "device_locked",
        {
            "child": device.student.get_short_name(),
            "device": device.name,
            "url": absolute_url("children:sign-in-show", device.student_id),
        },
    )


def tell_device_is_locked(*, device: TrustedDevice, now: datetime) -> None:
    """Put the news for the guardians into the outbox."""
    for reader in _guardians(device):
        _post("children.device-locked", device, reader, now=now)


@outbox.kind("children.device-trusted")
def device_trusted_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """That the child may sign in on one more device; none when it was revoked meanwhile."""
    device, reader = _device(payload), _reader(payload)
    if device is None or reader is None or not access.is_allowed("manage", reader, device):
        return None
    words = {
        "by": device.trusted_by.get_full_name() if device.trusted_by else "",
        "child": device.student.get_short_name(),
        "device": device.name,
    }
    return render_email(
        "family_news",
        {
            "subject": _("%(child)s may sign in on one more device") % words,
            "paragraphs": [
                _("%(by)s has let %(child)s sign in on this device: %(device)s.") % words,
                _("If you do not know it, you can revoke it. Then nobody signs in there any more."),
            ],
            "url": absolute_url("children:sign-in-show", device.student_id),
            "label": _("See the devices"),
        },
    )


def tell_device_is_trusted(*, device: TrustedDevice, by: User, now: datetime) -> None:
    """Whoever has the cookie of that device comes in with four pictures: each guardian shall know of it."""
    for reader in _guardians(device).exclude(pk=by.pk):
        _post("children.device-trusted", device, reader, now=now)


def _device(payload: outbox.Payload) -> TrustedDevice | None:
    devices = TrustedDevice.objects.select_related("student", "trusted_by")
    return devices.filter(pk=UUID(str(payload["device"]))).first()


def _reader(payload: outbox.Payload) -> User | None:
    return User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()


def _guardians(device: TrustedDevice) -> QuerySet[User]:
    guardians = Guardianship.objects.current().filter(student=device.student_id).values("guardian_id")
    return User.objects.filter(pk__in=guardians, is_active=True).order_by("pk")


def _post(kind: str, device: TrustedDevice, reader: User, *, now: datetime) -> None:
    outbox.post(
        kind=kind,
        key=f"{kind}:{device.pk}:{now.isoformat()}:email:{reader.pk}",
        email=reader.email,
        payload={"device": str(device.pk), "reader": str(reader.pk)},
        recipient=reader,
        language=reader.language,
        now=now,
        expires_at=now + NEWS_LIFETIME,
    )
