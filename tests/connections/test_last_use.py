"""When a connection was last used: when it last signed its person in, and nothing else that was tried."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.queries import own_connections
from tests.factories.accounts import make_user

from .conftest import LIST, go, is_in, make_connection, sign_in
from .server import IdentityServer

NEVER = "Never used to sign in yet."


def page(user: User) -> str:
    return sign_in(user).get(LIST).content.decode()


def test_connecting_is_no_use(school: IdentityServer, anna: User) -> None:
    go(sign_in(anna), school, "add")
    html = page(anna)
    assert NEVER in html
    assert "Last used" not in html


def test_signing_in_is(school: IdentityServer, anna: User) -> None:
    go(sign_in(anna), school, "add")
    later = timezone.now() + timedelta(days=3)
    with time_machine.travel(later, tick=False):
        client = Client()
        go(client, school)
        assert is_in(client)
    assert [row.used for row in own_connections(anna)] == [later]
    html = page(anna)
    assert "Last used" in html
    assert NEVER not in html


def by_another(school: IdentityServer, anna: User) -> None:
    """Ben tries to connect what is Anna's."""
    go(sign_in(make_user("Ben")), school, "add")


def by_herself_once_more(school: IdentityServer, anna: User) -> None:
    go(sign_in(anna), school, "add")


def while_suspended(school: IdentityServer, anna: User) -> None:
    User.objects.update(is_active=False)
    go(Client(), school)


def without_the_second_step(school: IdentityServer, anna: User) -> None:
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "x" * 32})
    go(Client(), school)


@pytest.mark.parametrize(
    "tries", [by_another, by_herself_once_more, while_suspended, without_the_second_step]
)
def test_a_try_that_was_refused_is_none(
    school: IdentityServer, anna: User, tries: Callable[[IdentityServer, User], None]
) -> None:
    """Or its owner takes it for somebody else's visit."""
    before = make_connection(anna).last_login
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        tries(school, anna)
    assert SocialAccount.objects.get().last_login == before
    assert [row.used for row in own_connections(anna)] == [None]
