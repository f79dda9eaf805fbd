"""Whose data a child's sign-in is: the child's, and it goes with the diary."""

from collections.abc import Collection
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import CharField, F, Model, Value
from django.db.models.functions import Cast, Concat

from apps.accounts.models import User
from apps.accounts.models.users import ERASED_DOMAIN
from apps.accounts.queries import sessions_of
from apps.core.ownership import Subject, declare, deleted_with, emptied_with, forgets

from .models import ChildLogin, SecretAttempt, TrustedDevice

PERSON, DIARY = Subject.PERSON, Subject.STUDENT
SECRET = "A secret that lets somebody in."  # noqa: S105  (words, no secret)
OTHERS = "Names another person."

declare(
    ChildLogin,
    deleted_with(DIARY, "student", is_exported=True),
    deleted_with(PERSON, "user"),
    emptied_with(PERSON, "created_by", because="The sign-in is the child's.", emptied={"created_by": None}),
    exported="id student user username kind created_at closed_at",
    withheld={SECRET: "secret card_nonce card_hash", OTHERS: "created_by"},
)
declare(
    TrustedDevice,
    deleted_with(DIARY, "student", is_exported=True),
    # Nobody is left who trusts it, so it lets nobody in.
    emptied_with(PERSON, "trusted_by", because="The list is the family's.", emptied={"trusted_by": None}),
    exported="id student name trusted_at last_used_at revoked_at locked_at",
    withheld={SECRET: "token_hash", OTHERS: "trusted_by"},
)
declare(
    SecretAttempt,
    deleted_with(DIARY, "device__student"),
    withheld={"A count of wrong tries, gone after a day.": "*"},
)


@forgets
def forget_child(model: type[Model], keys: Collection[Any], *, gone: bool) -> None:
    """With the diary goes the account that was only there to write it; its row stays and names nobody."""
    if model is not ChildLogin or not gone:
        return
    children = User.objects.filter(child_login__in=keys)
    for child in children.values_list("pk", flat=True):
        Session.objects.filter(pk__in=sessions_of(child)).delete()
    children.update(
        email=Concat(Cast(F("id"), CharField()), Value(f"@{ERASED_DOMAIN}")),
        display_name="",
        language="en",
        time_zone="UTC",
        week_starts_on=0,
        is_active=False,
        last_login=None,
        checklist_hidden_at=None,
    )
