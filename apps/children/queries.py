"""Questions about children's sign-ins that more than one page asks."""

from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import Student
from apps.core.tokens import hash_token

from .models import ChildLogin, SecretKind, TrustedDevice

MOST_DEVICES = 50


def login_of(student: Student) -> ChildLogin | None:
    """The child's open sign-in, with the account."""
    logins = ChildLogin.objects.select_related("user")
    return logins.filter(student=student, closed_at__isnull=True).first()


def devices_of(student: Student) -> list[TrustedDevice]:
    """Where the child may sign in today, the newest first. Bounded, for a page shows them all."""
    devices = TrustedDevice.objects.live().filter(student=student).select_related("trusted_by")
    return list(devices.order_by("-trusted_at", "pk")[:MOST_DEVICES])


def children_here(token: str) -> "QuerySet[TrustedDevice]":
    """Who may sign in on the device with this token: a row for each child with an open sign-in.

    Without a token nothing is looked up, so that a strange device learns nothing, not even by time.
    """
    if not token:
        return TrustedDevice.objects.none()
    return (
        TrustedDevice.objects.live()
        .with_token(token)
        .filter(student__child_login__closed_at__isnull=True, student__child_login__isnull=False)
        .select_related("student__child_login")
        .order_by("student__name", "pk")
    )


def with_secret(devices: "QuerySet[TrustedDevice]") -> "QuerySet[TrustedDevice]":
    """Those whose child has pictures or a number to come in with."""
    return devices.exclude(student__child_login__kind=SecretKind.NONE)


def by_card(devices: "QuerySet[TrustedDevice]", token: str) -> TrustedDevice | None:
    """The row of the child whose card this is, if they may sign in here."""
    return devices.filter(student__child_login__card_hash=hash_token(token)).first()


def is_trusted(device: UUID, *, user: UUID, token: str) -> bool:
    """Whether this child may still be signed in on the device that has this token."""
    return bool(token) and bool(
        TrustedDevice.objects.live().with_token(token).filter(pk=device, student__user=user).exists()
    )
