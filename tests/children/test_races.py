"""Two guardians at the same moment: what one takes away, the other does not bring back."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from apps.children import secrets, services
from apps.children.models import ChildLogin, TrustedDevice
from tests.accounts.test_join_race import at_once, refused
from tests.factories.children import PIN

from .conftest import Family

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Event:
    """A new secret is being made, as long as somebody else would need to revoke. Set when it has begun."""
    begun, waits, real = Event(), Event(), secrets.set_secret

    def set_secret(login: ChildLogin, value: str) -> None:
        begun.set()
        waits.wait(0.5)
        real(login, value)

    monkeypatch.setattr(secrets, "set_secret", set_secret)
    return begun


def set_up(family: Family) -> Callable[[], object]:
    return lambda: services.set_up(
        student=family.child, username="", kind="pin", value=PIN, by=family.guardian, now=timezone.now()
    )


def meanwhile(begun: Event, service: Callable[..., Any], family: Family) -> Callable[[], object]:
    def call() -> object:
        assert begun.wait(10)
        return service(student=family.child, by=family.guardian, now=timezone.now())

    return call


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)


def save_whole_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    real = ChildLogin.save
    monkeypatch.setattr(ChildLogin, "save", lambda login, **options: real(login))


def make_card(family: Family) -> None:
    services.make_card(student=family.child, by=family.guardian, now=timezone.now())


def test_a_lost_card_stays_revoked(family: Family, slowly: Event) -> None:
    make_card(family)
    assert refused(at_once(set_up(family), meanwhile(slowly, services.revoke_card, family))) == []
    login = ChildLogin.objects.get()
    assert (login.has_card, secrets.matches(login, PIN)) == (False, True)


def test_without_lock_and_list_of_columns_it_would_live_again(
    family: Family, slowly: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_card(family)
    without_locks(monkeypatch)
    save_whole_rows(monkeypatch)
    assert refused(at_once(set_up(family), meanwhile(slowly, services.revoke_card, family))) == []
    assert ChildLogin.objects.get().has_card


def test_a_sign_in_is_closed_while_it_is_set_up(family: Family, slowly: Event) -> None:
    """One after the other: neither waits for ever, and what is closed is closed altogether."""
    assert refused(at_once(set_up(family), meanwhile(slowly, services.close_login, family))) == []
    login = ChildLogin.objects.select_related("user").get()
    family.child.refresh_from_db()
    assert login.closed_at is not None
    assert (family.child.user, login.user.is_active, login.secret) == (None, False, "")


def test_a_device_is_revoked_while_it_is_trusted_anew(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = trust(family, "")
    device = TrustedDevice.objects.get()
    begun, waits, real = Event(), Event(), TrustedDevice.save

    def save(row: TrustedDevice, **options: Any) -> None:
        if not begun.is_set():
            begun.set()
            waits.wait(0.5)
        real(row, **options)

    monkeypatch.setattr(TrustedDevice, "save", save)

    def revoke() -> object:
        assert begun.wait(10)
        return services.revoke_device(device=device, by=family.guardian, now=timezone.now())

    assert refused(at_once(lambda: trust(family, token), revoke)) == []
    device.refresh_from_db()
    assert device.revoked_at is not None


def trust(family: Family, token: str) -> str:
    return services.trust_device(
        student=family.child, token=token, name="Tablet", by=family.guardian, now=timezone.now()
    )
