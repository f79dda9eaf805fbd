"""On a tablet that a family shares the school may still know who was there last: that proves nothing."""

import logging
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.test import Client
from django.urls import reverse
from pytest_django import Settings as SettingsFixture

from apps.accounts import http
from apps.accounts.models import User
from tests.factories.accounts import make_user

from .conftest import LIST, LOST, come_back, go, is_in, leave, make_connection, said, sign_in, url
from .server import IdentityServer, place, providers, running

FAILED = "could not tell us who you are"
LOGGER = "apps.accounts.connecting"


@pytest.fixture(autouse=True)
def _listen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, LOGGER)


@pytest.fixture
def lives_on(school: IdentityServer) -> IdentityServer:
    """Anna signed in there an hour ago, and nobody signed out."""
    school.signed_in_at = int(time.time()) - 3600
    return school


def words(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == LOGGER]


def test_the_school_asks_anew(lives_on: IdentityServer, anna: User) -> None:
    make_connection(anna)
    assert lives_on.look(leave(Client())) is None
    assert lives_on.look(leave(sign_in(anna), "add")) is None
    client = Client()
    go(client, lives_on)
    assert is_in(client), "who does sign in there anew comes in"


def test_a_school_that_does_not_ask_anew_is_not_believed(
    lives_on: IdentityServer, anna: User, caplog: pytest.LogCaptureFixture
) -> None:
    make_connection(anna)
    lives_on.ignores_prompt = True
    client = Client()
    back = lives_on.look(leave(client))
    assert back is not None
    html = said(client, come_back(client, back))
    assert FAILED in html
    assert not is_in(client)
    assert words(caplog) == ["Signing in with school failed: id_token: old auth_time"]


def test_nor_connects_it_whoever_is_known_there(lives_on: IdentityServer, anna: User) -> None:
    lives_on.ignores_prompt = True
    client = sign_in(anna)
    back = lives_on.look(leave(client, "add"))
    assert back is not None
    assert FAILED in said(client, come_back(client, back))
    assert SocialAccount.objects.count() == 0


def test_a_school_that_never_says_when(
    school: IdentityServer, anna: User, caplog: pytest.LogCaptureFixture
) -> None:
    make_connection(anna)
    school.claims = {"auth_time": None}
    client = Client()
    html = said(client, go(client, school))
    assert FAILED in html
    assert "or sign in with your password" in html
    assert not is_in(client)
    assert words(caplog) == ["Signing in with school failed: id_token: no auth_time"]


def test_the_log_holds_nothing_of_an_answer(
    school: IdentityServer, anna: User, caplog: pytest.LogCaptureFixture
) -> None:
    for path, body, word in (
        ("/token", b'{"secret": "qzsecret"}', "token endpoint"),
        ("/token", b'["access_token", "qzsecret"]', "token endpoint"),
        ("/token", b'{"access_token": "qzsecret", "id_token": "qzsecret"}', "id_token: DecodeError"),
    ):
        caplog.clear()
        client = Client()
        address = school.approve(leave(client))
        school.bodies = {path: body}
        come_back(client, address)
        assert words(caplog) == [f"Signing in with school failed: {word}"]
    assert "qzsecret" not in caplog.text


def test_who_goes_there_to_connect_is_told_whose_account_to_take(school: IdentityServer, anna: User) -> None:
    client = sign_in(anna)
    assert "not that of somebody who uses this device too" in client.get(LIST).content.decode()
    assert "Take your own account there." in client.post(url("add")).content.decode()
    assert "Take your own account there." not in Client().post(url("enter")).content.decode()


def test_a_way_back_is_whose_who_left(school: IdentityServer, anna: User) -> None:
    """Even if the session came to somebody else with what was said on leaving."""
    client = sign_in(anna)
    address = school.approve(leave(client, "add"))
    session = client.session
    for state, _at, _place in session["socialaccount_states"].values():
        assert state["data"]["user"] == str(anna.pk)
        state["data"]["user"] = str(make_user("Ben").pk)
    session.save()
    html = said(client, come_back(client, address))
    assert LOST in html
    assert FAILED not in html
    assert SocialAccount.objects.count() == 0


def test_the_answer_of_one_place_is_none_of_another(
    school: IdentityServer, anna: User, settings: SettingsFixture
) -> None:
    """A place that is run by somebody bad hands on what another one said (mix-up)."""
    make_connection(anna)
    with running() as work:
        settings.SOCIALACCOUNT_PROVIDERS = providers(place(school.url), place(work.url, "Work", "work"))
        client = Client()
        query = urlsplit(school.approve(leave(client))).query
        html = said(client, client.get(f"{url('back', 'work')}?{query}"))
        assert "you left for Work too long ago" in html
        assert work.asked == []
    assert not is_in(client)


def test_staff_need_their_second_step(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    User.objects.update(is_staff=True, is_superuser=True)
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "x" * 32})
    client = Client()
    assert go(client, school)["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("admin:index")).status_code != 200


def test_an_address_with_a_query_of_its_own_keeps_it(school: IdentityServer, db: None) -> None:
    school.description = {"authorization_endpoint": f"{school.url}/authorize?tenant=a"}
    address = leave(Client())
    assert address.startswith(f"{school.url}/authorize?tenant=a&client_id=")
    assert address.count("?") == 1


def test_coming_back_too_often(school: IdentityServer, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WRITES_A_MINUTE", 1)
    assert [Client().get(url("back")).status_code for _ in range(2)] == [302, 429]


def test_allauth_still_has_what_we_change() -> None:
    assert callable(OAuth2CallbackView._get_state)
