"""Whose data the outbox holds: whoever a message goes to, and whatever it is about."""

from collections.abc import Collection
from typing import Any

from django.db.models import CharField, F, Func, Model, Q, UUIDField, Value

from apps.accounts.queries import addresses_of
from apps.core.ownership import Subject, declare, deleted_with, forgets

from .models import Delivery, Notification

declare(
    Delivery,
    deleted_with(Subject.PERSON, "recipient", is_exported=True),
    # Invitations go to an address before it has an account. The goodbye goes when it has left.
    deleted_with(
        Subject.PERSON, rows=lambda person: Q(email__in=addresses_of(person)) & ~Q(kind="privacy.erased")
    ),
    exported="id kind channel recipient email language state created_at due_at expires_at sent_at",
    withheld={
        "Holds links that let somebody in.": "payload",
        "How the message was sent, not what it said.": "key lease_until attempts last_error",
    },
    before=["account.emailaddress"],
)


declare(
    Notification,
    deleted_with(Subject.PERSON, "recipient", is_exported=True),
    # It speaks of the student, to whoever reads along.
    deleted_with(Subject.STUDENT, "student"),
    exported="id recipient kind about student created_at read_at",
)


@forgets
def forget_messages(model: type[Model], keys: Collection[Any], *, gone: bool) -> None:
    """A message's key names its kind, then what it is about, an invitation or a comment; so does news."""
    if gone and isinstance(model._meta.pk, UUIDField):
        about = Func(F("key"), Value(":"), Value(2), function="split_part", output_field=CharField())
        Delivery.objects.annotate(about=about).filter(about__in=[str(key) for key in keys]).delete()
        Notification.objects.filter(about__in=keys).delete()
