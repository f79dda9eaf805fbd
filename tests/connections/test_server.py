"""The server of these tests keeps to OpenID Connect (Core 1.0, Discovery, PKCE) unless told otherwise."""

import base64
import hashlib
import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from .server import CLIENT, SECRET, Fields, IdentityServer, running

HOME = "https://diary.example/back/"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": CLIENT,
    "redirect_uri": HOME,
    "response_type": "code",
    "scope": "openid",
    "state": "s",
    "nonce": "n",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def server() -> Iterator[IdentityServer]:
    with running() as found:
        found.homes = {HOME}
        yield found


def ask(server: IdentityServer, path: str, sent: Fields | None = None) -> tuple[int, bytes]:
    line = HTTPConnection(str(urlsplit(server.url).hostname), urlsplit(server.url).port, timeout=5)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST" if sent else "GET", path, urlencode(sent) if sent else None, headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def code_of(server: IdentityServer) -> str:
    back = server.approve(f"{server.url}/authorize?{urlencode(ASKED)}")
    assert back.startswith(HOME + "?")
    found = parse_qs(urlsplit(back).query)
    assert found["state"] == ["s"]
    return found["code"][0]


def exchange(server: IdentityServer, **changed: str) -> tuple[int, dict[str, Any]]:
    sent = {
        "grant_type": "authorization_code",
        "code": changed.pop("code", None) or code_of(server),
        "redirect_uri": HOME,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "code_verifier": VERIFIER,
    }
    status, body = ask(server, "/token", sent | changed)
    return status, json.loads(body)


def test_it_describes_itself(server: IdentityServer) -> None:
    status, body = ask(server, "/.well-known/openid-configuration")
    found = json.loads(body)
    assert (status, found["issuer"]) == (200, server.url)
    needed = {"authorization_endpoint", "token_endpoint", "jwks_uri", "response_types_supported"}
    assert needed | {"subject_types_supported", "id_token_signing_alg_values_supported"} <= set(found)


def test_a_token_is_signed_with_a_published_key_for_who_asked(server: IdentityServer) -> None:
    status, answer = exchange(server)
    assert (status, answer["token_type"]) == (200, "Bearer")
    keys = jwt.PyJWKSet.from_dict(json.loads(ask(server, "/keys")[1]))
    key = keys[jwt.get_unverified_header(answer["id_token"])["kid"]]
    claims = jwt.decode(answer["id_token"], key, algorithms=["RS256"], audience=CLIENT, issuer=server.url)
    assert {"iss", "sub", "aud", "exp", "iat"} <= set(claims)
    assert (claims["nonce"], claims["sub"]) == ("n", "person-1")


def test_a_code_is_good_once(server: IdentityServer) -> None:
    code = code_of(server)
    assert exchange(server, code=code)[0] == 200
    assert exchange(server, code=code) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "changed",
    [
        {"client_secret": "another"},
        {"client_id": "another"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"code_verifier": "w" * 50},
        {"grant_type": "password"},
        {"code": "made-up"},
    ],
    ids=str,
)
def test_nobody_else_gets_a_token(server: IdentityServer, changed: Fields) -> None:
    assert exchange(server, **changed) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "another"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"response_type": "token"},
        {"scope": "profile"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
    ],
    ids=str,
)
def test_a_wrong_question_leads_back_nowhere(server: IdentityServer, changed: Fields) -> None:
    assert ask(server, f"/authorize?{urlencode(ASKED | changed)}")[0] == 400


def test_who_cancels_goes_back_without_a_code(server: IdentityServer) -> None:
    back = server.cancel(f"{server.url}/authorize?{urlencode(ASKED)}")
    assert parse_qs(urlsplit(back).query) == {"error": ["access_denied"], "state": ["s"]}


@pytest.mark.parametrize("wish", [{"prompt": "login"}, {"max_age": "0"}], ids=str)
def test_who_is_signed_in_is_asked_anew_where_that_is_wanted(server: IdentityServer, wish: Fields) -> None:
    plain = f"{server.url}/authorize?{urlencode(ASKED)}"
    assert server.look(plain) is None, "nobody is signed in"
    server.sign_in()
    assert str(server.look(plain)).startswith(HOME + "?")
    wished = f"{server.url}/authorize?{urlencode(ASKED | wish)}"
    assert server.look(wished) is None
    server.ignores_prompt = True
    assert str(server.look(wished)).startswith(HOME + "?")


def test_a_token_says_when_they_signed_in(server: IdentityServer) -> None:
    server.signed_in_at = 1_700_000_000
    back = server.look(f"{server.url}/authorize?{urlencode(ASKED)}")
    code = parse_qs(urlsplit(str(back)).query)["code"][0]
    answer = exchange(server, code=code)[1]
    claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
    assert claims["auth_time"] == 1_700_000_000


def test_there_is_nothing_else(server: IdentityServer) -> None:
    assert ask(server, "/userinfo")[0] == 404
    assert ask(server, "/userinfo", {"a": "b"})[0] == 404
