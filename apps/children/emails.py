"""Mails about children's sign-ins; to guardians only, and the subject never carries a surname."""

from datetime import datetime, timedelta
from uuid import UUID

from apps.accounts.models import Guardianship, User
from apps.core import access, outbox
from apps.core.mailing import absolute_url, render_email

from .models import TrustedDevice

NEWS_LIFETIME = timedelta(days=3)


@outbox.kind("children.device-locked")
def device_locked_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """That somebody tried too often; none when a guardian has settled it, or for who is none any more."""
    device = (
        TrustedDevice.objects.select_related("student")
        .filter(pk=UUID(str(payload["device"])), locked_at__isnull=False)
        .first()
    )
    reader = User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()
    if device is None or reader is None or not access.is_allowed("manage", reader, device):
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
    guardians = Guardianship.objects.current().filter(student=device.student_id).values("guardian_id")
    for reader in User.objects.filter(pk__in=guardians, is_active=True):
        outbox.post(
            kind="children.device-locked",
            key=f"children.device-locked:{device.pk}:{now.isoformat()}:email:{reader.pk}",
            email=reader.email,
            payload={"device": str(device.pk), "reader": str(reader.pk)},
            recipient=reader,
            language=reader.language,
            now=now,
            expires_at=now + NEWS_LIFETIME,
        )
