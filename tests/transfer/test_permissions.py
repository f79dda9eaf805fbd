"""The matrix of imports, by equality: who knows of a file, and nobody else."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import revoke_grant
from apps.core import access
from apps.transfer.models import Import
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.sweep.imports import imports_of
from tests.sweep.world import sign_in

FAMILY = {"student", "guardian", "second_guardian"}
WHO = {
    "checked": FAMILY,
    "done": FAMILY,
    "guests": FAMILY | {"logger"},
    "foreign": {"other_guardian"},
}


@pytest.mark.parametrize("action", ["view", "change"])
def test_import_matrix(cast: Cast, action: str) -> None:
    found = imports_of(cast, timezone.now())
    people = vars(cast.people).items()
    assert {
        name: {
            who
            for who, user in people
            if access.allowed(Import.objects.filter(pk=key), action, user).exists()
        }
        for name, key in found.items()
    } == WHO


def test_a_guest_who_may_log_no_more_knows_of_none(cast: Cast) -> None:
    guest = cast.user("logger")
    key = imports_of(cast, timezone.now())["guests"]
    assert access.allowed(Import.objects.filter(pk=key), "view", guest).exists()
    revoke_grant(student=cast.student, user=guest, by=cast.user("guardian"), now=timezone.now())
    assert not access.allowed(Import.objects.filter(pk=key), "view", guest).exists()


def test_whose_diary_it_is_decides_not_who_brought_it(cast: Cast) -> None:
    """A file for somebody else's diary does not follow its bringer home."""
    batch = Import.objects.get(pk=imports_of(cast, timezone.now())["checked"])
    stranger: User = make_user("Stranger with a diary")
    make_student("Own", user=stranger)
    Import.objects.filter(pk=batch.pk).update(uploaded_by=stranger)
    assert not access.allowed(Import.objects.filter(pk=batch.pk), "view", stranger).exists()


def test_the_office_sees_how_it_went_and_not_what_is_in_it(cast: Cast) -> None:
    found = imports_of(cast, timezone.now())
    owner = cast.user("superuser")
    Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={"secret": "x" * 32})
    client: Client = sign_in(owner)[0]
    answer = client.get(reverse("admin:transfer_import_change", args=[found["checked"]]))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Qzfilechecked" not in text
    assert "Qzrowchecked" not in text
