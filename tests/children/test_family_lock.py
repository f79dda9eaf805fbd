"""ADR 0012: nobody joins as the student's login, and nobody is shut out, while a family is held still."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.services import FamilyIsLocked, lock_family
from apps.children import services
from apps.children.models import ChildLogin, TrustedDevice
from tests.factories.accounts import make_student, make_user
from tests.factories.children import trust

from .conftest import Family
from .test_guardians import come_in


@pytest.fixture
def held(family: Family) -> Family:
    lock_family(student=family.child, reason="By order.", by=make_user("Staff"), now=timezone.now())
    return family


@pytest.mark.parametrize("name", ["sign-in-edit", "sign-in-close", "card-make", "device-trust"])
def test_nothing_is_opened_changed_or_closed(held: Family, name: str) -> None:
    answer = come_in(held.guardian).post(reverse(f"children:{name}", args=[held.child.pk]))
    assert answer.status_code == 403
    login = ChildLogin.objects.get()
    assert (login.closed_at, login.has_card) == (None, False)
    assert not TrustedDevice.objects.exists()


def test_the_page_says_so_and_offers_nothing_of_it(held: Family) -> None:
    url = reverse("children:sign-in-show", args=[held.child.pk])
    page = come_in(held.guardian).get(url).content.decode()
    assert "no sign-in can be opened, changed or closed" in page
    for name in ("sign-in-edit", "sign-in-close", "card-make", "device-trust"):
        assert reverse(f"children:{name}", args=[held.child.pk]) not in page


def test_what_is_lost_can_be_revoked(family: Family) -> None:
    services.make_card(student=family.child, by=family.guardian, now=timezone.now())
    device = trust(Client(), family.child, family.guardian)
    lock_family(student=family.child, reason="By order.", by=make_user("Staff"), now=timezone.now())
    client = come_in(family.guardian)
    client.post(reverse("children:card-revoke", args=[family.child.pk]))
    client.post(reverse("children:device-revoke", args=[device.pk]))
    device.refresh_from_db()
    assert (ChildLogin.objects.get().has_card, device.revoked_at is None) == (False, False)


def test_an_open_sign_in_goes_on(held: Family) -> None:
    client = come_in(held.guardian)
    answer = client.post(reverse("children:hand-over", args=[held.child.pk]))
    assert answer.headers["Location"] == reverse("home:student")


def test_handing_over_opens_none(guardian: User, child: Student) -> None:
    lock_family(student=child, reason="By order.", by=make_user("Staff"), now=timezone.now())
    client = come_in(guardian)
    url = reverse("children:sign-in-show", args=[child.pk])
    answer = client.post(reverse("children:hand-over", args=[child.pk]))
    assert answer.headers["Location"] == url
    assert reverse("children:hand-over", args=[child.pk]) not in client.get(url).content.decode()
    assert not ChildLogin.objects.exists()


def test_a_lock_that_came_between_page_and_button(held: Family) -> None:
    """The door saw no lock yet; the services see it under the student's row."""
    for call in (services.close_login, services.open_login):
        student = held.child if call is services.close_login else another(held)
        with pytest.raises(FamilyIsLocked):
            call(student=student, by=held.guardian, now=timezone.now())


def another(held: Family) -> Student:
    student = make_student("Ben")
    lock_family(student=student, reason="By order.", by=held.guardian, now=timezone.now())
    return student
