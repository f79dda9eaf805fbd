"""Signing in with an account elsewhere: whoever connected it, nobody else, and never on a broken word."""

import logging
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.test import Client
from django.urls import reverse

from apps.accounts import fetching, http
from apps.accounts.models import User, UserSession
from tests.factories.accounts import make_user

from .conftest import LOST, come_back, go, is_in, leave, make_connection, mark, said, sign_in, url
from .server import LONG_NUMBER, IdentityServer

FAILED = "School of Music could not tell us who you are"
LOGIN = reverse("account_login")


def login_page(next_url: str = "") -> str:
    return Client().get(LOGIN, {"next": next_url} if next_url else {}).content.decode()


def test_the_sign_in_page_has_a_button(school: IdentityServer, db: None) -> None:
    html = login_page("/settings/")
    assert f'action="{url("enter")}"' in html
    assert "Sign in with School of Music" in html
    form = html.partition(f'action="{url("enter")}"')[2].partition("</form>")[0]
    assert 'name="next" value="/settings/"' in form, "the button keeps the way back"
    assert school.asked == [], "nobody asks the school before the button is pressed"


def test_the_sign_up_page_has_none(school: IdentityServer, db: None) -> None:
    assert "School of Music" not in Client().get(reverse("account_signup")).content.decode()


def test_whoever_connected_it_is_signed_in(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    client = Client()
    answer = go(client, school)
    assert (answer.status_code, answer["Location"]) == (302, reverse("home:index"))
    assert client.session["_auth_user_id"] == str(anna.pk)
    assert UserSession.objects.get().user == anna


def test_it_leads_to_where_they_wanted_and_nowhere_else(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    assert go(Client(), school, next="/settings/")["Location"] == "/settings/"
    assert go(Client(), school, next="https://evil.example/")["Location"] == reverse("home:index")


def test_what_is_asked_for(school: IdentityServer, db: None) -> None:
    """The number and nothing else, with a word of our own and a proof that it is us who asks."""
    client = Client()
    asked = parse_qs(urlsplit(leave(client)).query)
    assert (asked["scope"], asked["response_type"]) == (["openid"], ["code"])
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 20
    again = parse_qs(urlsplit(leave(client)).query)
    for name in ("nonce", "state", "code_challenge"):
        assert asked[name] != again[name]
    known = {"client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge"}
    assert set(asked) == known | {"code_challenge_method", "prompt", "max_age"}
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])


def test_the_page_in_between_leads_on_without_a_script(school: IdentityServer, db: None) -> None:
    page: Any = Client().post(url("enter"))
    html, address = page.content.decode(), page.context["address"].replace("&", "&amp;")
    assert f'<meta http-equiv="refresh" content="0; url={address}">' in html
    assert f'href="{address}"' in html
    assert "form-action 'self';" in page["Content-Security-Policy"] + ";"


def test_nothing_of_them_is_kept_but_the_number(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    client = Client()
    go(client, school)
    row = SocialAccount.objects.get()
    assert (row.provider, row.uid, row.extra_data) == ("school", mark(), {})
    assert (SocialToken.objects.count(), SocialApp.objects.count()) == (0, 0)
    assert [str(address) for address in EmailAddress.objects.all()] == [anna.email]
    kept = str(dict(client.session))
    for word in ("Qzname", "qzelsewhere", "access_token", "Bearer"):
        assert word not in kept


# Who is not signed in


def test_an_account_that_nobody_connected_is_told_what_to_do(school: IdentityServer, anna: User) -> None:
    client = Client()
    html = said(client, go(client, school))
    assert "We do not know this account yet" in html
    assert f'href="{reverse("account_signup")}"' in html
    assert f'href="{LOGIN}?next={reverse("accounts:connection-list")}"' in html
    assert not is_in(client)
    assert (SocialAccount.objects.count(), User.objects.count()) == (0, 1)
    assert "socialaccount_sociallogin" not in client.session


def test_the_same_address_opens_nobodys_account(school: IdentityServer, anna: User) -> None:
    """Whoever runs the other place could write any address down there."""
    school.claims = {"email": anna.email, "email_verified": True}
    client = Client()
    assert go(client, school)["Location"] == url("unknown")
    assert not is_in(client)
    assert SocialAccount.objects.count() == 0


def test_the_number_of_one_place_is_nothing_at_another(school: IdentityServer, anna: User) -> None:
    make_connection(anna, provider="work")
    client = Client()
    assert go(client, school)["Location"] == url("unknown")
    assert not is_in(client)


def test_a_suspended_account_stays_out(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    User.objects.update(is_active=False)
    client = Client()
    assert go(client, school)["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_an_address_that_was_never_confirmed_waits(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    EmailAddress.objects.update(verified=False)
    client = Client()
    assert go(client, school)["Location"] == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session


def test_the_second_step_is_asked_all_the_same(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "x" * 32})
    client = Client()
    assert go(client, school)["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


def test_nobody_takes_the_place_of_who_is_signed_in(school: IdentityServer, anna: User) -> None:
    """Signed in as Ben in another tab of this browser, while Anna was at the school."""
    make_connection(anna)
    client = Client()
    address = school.approve(leave(client))
    client.post(LOGIN, {"login": make_user("Ben").email, "password": "woodshed-demo"})
    assert come_back(client, address)["Location"] == reverse("home:index")
    assert client.session["_auth_user_id"] == str(User.objects.get(display_name="Ben").pk)


def test_who_is_signed_in_needs_no_button(school: IdentityServer, anna: User) -> None:
    client = sign_in(anna)
    assert client.post(url("enter"))["Location"] == reverse("home:index")
    assert school.asked == []


# The way back


def test_a_state_that_nobody_made(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    client = Client()
    for query in ("", "?code=c", "?code=c&state=made-up", "?error=access_denied&state=made-up"):
        assert LOST in said(client, client.get(url("back") + query)), query
    assert not is_in(client)
    assert school.asked == [], "the school is not asked about what we did not begin"


def test_a_state_of_another_browser(school: IdentityServer, anna: User) -> None:
    """A link that somebody else made signs nobody into the account of whoever made it."""
    make_connection(anna)
    address = school.approve(leave(Client()))
    client = Client()
    assert LOST in said(client, come_back(client, address))
    assert not is_in(client)


def test_a_state_is_good_once(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    client = Client()
    address = school.approve(leave(client))
    assert come_back(client, address)["Location"] == reverse("home:index")
    client.logout()
    assert LOST in said(client, come_back(client, address))
    assert not is_in(client)


def test_cancelling_there_changes_nothing(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    client = Client()
    answer = come_back(client, school.cancel(leave(client, next="/settings/")))
    assert answer["Location"] == f"{LOGIN}?next=%2Fsettings%2F"
    html = said(client, answer)
    assert "You stopped at School of Music. Nothing has changed." in html
    assert "or sign in with" not in html


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://id.other.example"},
        {"aud": "another"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
        {"exp": 1},
    ],
    ids=str,
)
def test_a_token_of_which_a_word_is_wrong(school: IdentityServer, anna: User, claims: dict[str, Any]) -> None:
    make_connection(anna)
    school.claims = claims
    client = Client()
    assert FAILED in said(client, go(client, school))
    assert not is_in(client)


@pytest.mark.parametrize(
    ("key", "algorithm"), [("stranger", "RS256"), ("school", "HS256"), ("school", "none")]
)
def test_a_token_that_the_school_did_not_sign(
    school: IdentityServer, anna: User, key: str, algorithm: str
) -> None:
    make_connection(anna)
    school.signs_with, school.algorithm = key, algorithm
    client = Client()
    assert FAILED in said(client, go(client, school))
    assert not is_in(client)


DESCRIPTION = "/.well-known/openid-configuration"


@pytest.mark.parametrize("status", [404, 500, 503])
@pytest.mark.parametrize("path", ["/token", "/keys", DESCRIPTION])
def test_a_place_that_breaks_on_the_way_back(
    school: IdentityServer, anna: User, path: str, status: int
) -> None:
    make_connection(anna)
    client = Client()
    address = school.approve(leave(client))
    fetching.forget()
    school.status[path] = status
    assert FAILED in said(client, come_back(client, address))
    assert not is_in(client)


ODD = [b"", b"<html>", b"[]", b'"words"', b"null", b"{}", b'{"access_token": "a"}', LONG_NUMBER]


@pytest.mark.parametrize("body", ODD, ids=lambda body: body[:24].decode() or "empty")
@pytest.mark.parametrize("path", ["/token", "/keys", DESCRIPTION])
def test_a_place_that_answers_in_no_known_form(
    school: IdentityServer, anna: User, path: str, body: bytes
) -> None:
    make_connection(anna)
    client = Client()
    address = school.approve(leave(client))
    fetching.forget()
    school.bodies[path] = body
    assert FAILED in said(client, come_back(client, address))
    assert not is_in(client)


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://id.other.example"},
        {"issuer": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "ftp://127.0.0.1/"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_a_place_that_says_it_is_another(
    school: IdentityServer, db: None, description: dict[str, Any]
) -> None:
    school.description = description
    client = Client()
    assert FAILED in said(client, client.post(url("enter")))


def test_a_place_that_is_away(school: IdentityServer, db: None, caplog: pytest.LogCaptureFixture) -> None:
    school.status[DESCRIPTION] = 503
    client = Client()
    with caplog.at_level(logging.WARNING, "apps.accounts.connecting"):
        answer = client.post(url("enter"), {"next": "/settings/"})
    assert answer["Location"] == f"{LOGIN}?next=%2Fsettings%2F"
    html = said(client, answer)
    assert FAILED in html
    assert "You were signed out" not in html
    assert [record.getMessage() for record in caplog.records] == ["Signing in with school failed: HTTPError"]


@pytest.mark.parametrize("is_on_the_way_back", [False, True])
def test_a_place_that_takes_too_long(
    school: IdentityServer, anna: User, monkeypatch: pytest.MonkeyPatch, is_on_the_way_back: bool
) -> None:
    make_connection(anna)
    assert (fetching.CONNECT, fetching.READ, fetching.WHOLE) == (2, 3, 5)
    monkeypatch.setattr(fetching, "READ", 0.1)
    client = Client()
    address = school.approve(leave(client)) if is_on_the_way_back else ""
    school.delay = 0.4
    answer = come_back(client, address) if address else client.post(url("enter"))
    assert FAILED in said(client, answer)
    assert not is_in(client)


def test_one_more_is_too_often(school: IdentityServer, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WRITES_A_MINUTE", 1)
    assert [Client().post(url("enter")).status_code for _ in range(2)] == [200, 429]
