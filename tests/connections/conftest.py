"""A school at which people have accounts, and browsers that go there and come back."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from pytest_django import Settings as SettingsFixture

from apps.accounts import fetching
from apps.accounts.models import User
from apps.accounts.places import mark_of, places
from tests.factories.accounts import make_user

from .server import IdentityServer, place, providers, running

PASSWORD = "woodshed-demo"
LIST = reverse("accounts:connection-list")
LOST = (
    "you left for School of Music too long ago or in another browser, or somebody signed in or out here since"
)


def url(name: str, provider: str = "school") -> str:
    return reverse(f"accounts:connection-{name}", args=[provider])


@pytest.fixture(autouse=True)
def _nothing_is_fetched_yet() -> None:
    """What was fetched outlives a test."""
    fetching.forget()


@pytest.fixture
def school(settings: SettingsFixture) -> Iterator[IdentityServer]:
    with running() as server:
        server.homes = {f"http://testserver{url('back')}"}
        settings.SOCIALACCOUNT_PROVIDERS = providers(place(server.url))
        yield server


@pytest.fixture
def anna(db: None) -> User:
    return make_user("Anna")


def mark(subject: str = "person-1", provider: str = "school") -> str:
    """What is kept of a number at this place, or at one that is not offered."""
    known = places().get(provider)
    return mark_of(known["settings"]["server_url"] if known else "https://gone.example", subject)


def make_connection(user: User, subject: str = "person-1", provider: str = "school") -> SocialAccount:
    made: SocialAccount = SocialAccount.objects.create(
        user=user, provider=provider, uid=mark(subject, provider)
    )
    return made


def sign_in(user: User) -> Client:
    """By the form; the password has just been given once more."""
    client, sent = Client(), {"login": user.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), sent).status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def leave(client: Client, way: str = "enter", **sent: str) -> str:
    """Press the button; the address at the school to which the page leads."""
    page: Any = client.post(url(way), sent)
    assert page.status_code == 200, page.headers
    return str(page.context["address"])


def come_back(client: Client, address: str) -> Any:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def go(client: Client, school: IdentityServer, way: str = "enter", **sent: str) -> Any:
    """There, signed in, and back: what is answered then."""
    return come_back(client, school.approve(leave(client, way, **sent)))


def said(client: Client, answer: Any) -> str:
    """The page that one ends on."""
    assert answer.status_code == 302, answer.status_code
    page = client.get(answer["Location"], follow=True)
    return str(page.content.decode())


def is_in(client: Client) -> bool:
    return client.get(reverse("home:start")).status_code == 200
