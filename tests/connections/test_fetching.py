"""A question to another server: it goes nowhere else, takes little, and is not asked over and over."""

import json
import time
from collections.abc import Callable

import pytest
import requests
import time_machine
from django.test import Client

from apps.accounts import fetching
from apps.accounts.fetching import WELL_KNOWN, PlaceFailed, describe, fetch
from apps.accounts.models import User

from .conftest import come_back, go, is_in, leave, make_connection, said, url
from .server import LONG_NUMBER, IdentityServer, running

# Lists in lists: read by one step each, packed by two.
DEEP = b"[" * 600 + b"]" * 600
ASKED = f"GET {WELL_KNOWN}"


def test_a_redirect_leads_nowhere(school: IdentityServer) -> None:
    with running() as other:
        school.redirects = {WELL_KNOWN: other.url + WELL_KNOWN}
        with pytest.raises(PlaceFailed, match="redirect"):
            fetch(school.url + WELL_KNOWN)
        assert other.asked == []


def test_the_secret_is_carried_to_no_other_server(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    client = Client()
    address = school.approve(leave(client))
    with running() as other:
        school.redirects = {"/token": f"{other.url}/token"}
        assert "could not tell us who you are" in said(client, come_back(client, address))
        assert other.asked == []
    assert not is_in(client)


def test_the_environments_proxy_is_not_asked(school: IdentityServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(school.url + WELL_KNOWN)["issuer"] == school.url


def test_an_answer_is_short(school: IdentityServer) -> None:
    school.bodies = {"/keys": b" " * (fetching.MOST_BYTES - 2) + b"{}"}
    assert fetch(f"{school.url}/keys") == {}
    school.bodies = {"/keys": b" " * (fetching.MOST_BYTES - 1) + b"{}"}
    with pytest.raises(PlaceFailed, match="too large"):
        fetch(f"{school.url}/keys")


def test_an_answer_is_soon_over(school: IdentityServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WHOLE", -1.0)
    with pytest.raises(PlaceFailed, match="too slow"):
        fetch(f"{school.url}/keys")


@pytest.mark.parametrize("body", [b"[" * 200_000, LONG_NUMBER], ids=["deep", "long number"])
def test_json_that_nobody_can_read(school: IdentityServer, body: bytes) -> None:
    school.bodies = {"/keys": body}
    with pytest.raises(PlaceFailed, match="unreadable"):
        fetch(f"{school.url}/keys")


def test_json_that_nobody_can_hold(school: IdentityServer) -> None:
    """Half as deep: it can be read, and not be packed."""
    school.bodies = {"/keys": DEEP}
    assert fetch(f"{school.url}/keys")
    with pytest.raises(PlaceFailed, match="unreadable"):
        fetching.fetch_keys(f"{school.url}/keys")


def test_what_is_no_json_at_all(school: IdentityServer) -> None:
    school.bodies = {"/keys": b"<html>"}
    with pytest.raises(requests.JSONDecodeError):
        fetch(f"{school.url}/keys")


def broken(school: IdentityServer) -> None:
    school.status[WELL_KNOWN] = 503


def another(school: IdentityServer) -> None:
    school.description = {"issuer": "https://id.other.example"}


def odd(school: IdentityServer) -> None:
    school.description = {"token_endpoint_auth_methods_supported": "all"}


def torn(school: IdentityServer) -> None:
    school.description = {"jwks_uri": "http://[broken/"}


def cut(school: IdentityServer) -> None:
    school.description = {"authorization_endpoint": f"{school.url}/authorize#here"}


def too_deep(school: IdentityServer) -> None:
    known = json.dumps(school.describe()).encode()
    school.bodies = {WELL_KNOWN: known[:-1] + b', "more": ' + DEEP + b"}"}


def deep_name(school: IdentityServer) -> None:
    school.bodies = {WELL_KNOWN: b'{"issuer": ' + DEEP + b"}"}


def deep_address(school: IdentityServer) -> None:
    known = json.dumps(school.describe()).encode()
    school.bodies = {WELL_KNOWN: known[:-1] + b', "jwks_uri": ' + DEEP + b"}"}


def unreadable(school: IdentityServer) -> None:
    school.bodies = {WELL_KNOWN: LONG_NUMBER}


@pytest.mark.parametrize(
    ("breaks", "word"),
    [
        (broken, "HTTPError"),
        (another, "issuer"),
        (odd, "description"),
        (torn, "endpoint"),
        (cut, "endpoint"),
        (too_deep, "unreadable"),
        (deep_name, "issuer"),
        (deep_address, "endpoint"),
        (unreadable, "unreadable"),
    ],
)
def test_a_place_that_failed_is_left_alone_for_a_while(
    school: IdentityServer, breaks: Callable[[IdentityServer], None], word: str
) -> None:
    breaks(school)
    for _ in range(3):
        with pytest.raises(PlaceFailed, match=word):
            describe(school.url)
    assert school.asked == [ASKED]
    school.status, school.description, school.bodies = {}, {}, {}
    with time_machine.travel(time.time() + fetching.AWAY + 1):
        assert describe(school.url)["issuer"] == school.url
    assert school.asked == [ASKED] * 2


def test_what_a_place_says_of_itself_is_held_for_ten_minutes(school: IdentityServer, db: None) -> None:
    for _ in range(3):
        assert Client().post(url("enter")).status_code == 200
    assert school.asked == [ASKED]
    with time_machine.travel(time.time() + 601):
        describe(school.url)
    assert school.asked == [ASKED] * 2


def test_keys_are_asked_for_again_when_none_fits(school: IdentityServer, anna: User) -> None:
    make_connection(anna)

    def comes_in() -> bool:
        client = Client()
        go(client, school)
        return is_in(client)

    assert comes_in()
    assert comes_in()
    assert school.asked.count("GET /keys") == 1
    school.publishes, school.signs_with = ["next", "school"], "next"
    assert comes_in()
    assert comes_in()
    assert school.asked.count("GET /keys") == 2
    school.publishes = ["next"]
    school.signs_with = "stranger"
    assert not comes_in()
