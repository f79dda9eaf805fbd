"""A token is believed if every word of it holds, and else not at all."""

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from apps.accounts.id_tokens import RSA, NotProved, UnknownKey, subject_of

from .server import private_key, public_keys

ISSUER, CLIENT, NONCE = "https://id.school.example", "woodshed", "a-word"
ASKED_AT = 1_700_000_000
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "person-1",
    "nonce": NONCE,
    "auth_time": ASKED_AT,
}


def token(
    headers: dict[str, Any] | None = None, key: Any = None, algorithm: str = "RS256", **changed: Any
) -> str:
    now = int(time.time())
    if changed.get("exp", 0) is not None:
        # In seconds from now.
        changed["exp"] = now + changed.get("exp", 300)
    claims = GOOD | {"iat": now} | changed
    kept = {name: value for name, value in claims.items() if value is not None}
    given = {"kid": "school"} if headers is None else headers
    return jwt.encode(kept, key or private_key("school"), algorithm=algorithm, headers=given)


def read(found: object, **changed: Any) -> str:
    keys = public_keys("other", "school")
    given: dict[str, Any] = {"keys": keys, "issuer": ISSUER, "client_id": CLIENT, "nonce": NONCE}
    given["signed_in_since"] = ASKED_AT
    return subject_of(found, **(given | changed))


def test_a_good_one() -> None:
    assert read(token()) == "person-1"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"aud": [CLIENT]},
        {"auth_time": ASKED_AT - 59},
        {"auth_time": ASKED_AT + 30},
        {"azp": CLIENT},
        {"exp": -30},
        {"sub": "x" * 191},
        {"email": "anna@people.example"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_may_differ(changed: dict[str, Any]) -> None:
    """Made for several, asked for by us, a clock that is half a minute off, words that nobody asked for."""
    assert read(token(**changed)) == changed.get("sub", "person-1")


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://id.other.example"},
        {"aud": "another"},
        {"azp": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"auth_time": ASKED_AT - 61},
        {"auth_time": str(ASKED_AT)},
        {"auth_time": float("nan")},
        {"auth_time": True},
        {"exp": float("inf")},
        {"exp": -3600},
        {"nonce": "of another sign-in"},
        {"sub": ""},
        {"sub": "x" * 192},
        {"sub": "a\x00b"},
        {"sub": 7},
        *({name: None} for name in ("iss", "aud", "exp", "iat", "sub", "nonce", "auth_time")),
    ],
    ids=str,
)
def test_what_does_not_hold(changed: dict[str, Any]) -> None:
    with pytest.raises(NotProved):
        read(token(**changed))


def test_without_a_word_of_our_own_nobody_is_believed() -> None:
    with pytest.raises(NotProved, match="nonce"):
        read(token(nonce=""), nonce="")


FOREIGN: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "empty": lambda: "",
    "words": lambda: "no token",
    "figure": lambda: 7,
    "of a stranger": lambda: token(key=private_key("stranger")),
    "unknown key": lambda: token(headers={"kid": "unknown"}),
    "which of two": lambda: token(headers={}),
    "shared secret": lambda: token(key="s" * 64, algorithm="HS256"),
    "unsigned": lambda: jwt.encode(GOOD, "", algorithm="none", headers={"kid": "school"}),
    "bent": lambda: token()[:-4] + "AAAA",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_not_signed_by_the_place(what: str) -> None:
    with pytest.raises(NotProved):
        read(FOREIGN[what]())


@pytest.mark.parametrize(
    ("auth_time", "word"),
    [
        (None, "no"),
        (ASKED_AT - 61, "old"),
        (float(ASKED_AT), "odd"),
        (float("nan"), "odd"),
        (str(ASKED_AT), "odd"),
        (True, "odd"),
    ],
)
def test_why_a_proof_does_not_count_is_said(auth_time: object, word: str) -> None:
    """So that whoever runs this can tell a place that never says when from one that did not ask anew."""
    with pytest.raises(NotProved, match=f"^{word} auth_time$"):
        read(token(auth_time=auth_time))


CURVES: dict[str, tuple[Any, Any, str]] = {
    "ES256": (ec.generate_private_key(ec.SECP256R1()), jwt.algorithms.ECAlgorithm, "ES256"),
    "ES384": (ec.generate_private_key(ec.SECP384R1()), jwt.algorithms.ECAlgorithm, "ES384"),
    "EdDSA": (Ed25519PrivateKey.generate(), jwt.algorithms.OKPAlgorithm, "EdDSA"),
}


@pytest.mark.parametrize("says_what_for", [True, False])
@pytest.mark.parametrize("name", CURVES)
def test_keys_on_curves(name: str, says_what_for: bool) -> None:
    private, kind, algorithm = CURVES[name]
    public = kind.to_jwk(private.public_key(), as_dict=True) | {"kid": "school"}
    keys = {"keys": [public | ({"alg": algorithm} if says_what_for else {})]}
    assert read(token(key=private, algorithm=algorithm), keys=keys) == "person-1"
    with pytest.raises(NotProved):
        read(token(), keys=keys)


@pytest.mark.parametrize("algorithm", RSA)
def test_an_rsa_key_that_does_not_say_what_for(algorithm: str) -> None:
    key = {name: value for name, value in public_keys("school")["keys"][0].items() if name != "alg"}
    assert read(token(algorithm=algorithm), keys={"keys": [key]}) == "person-1"
    with pytest.raises(NotProved):
        read(token(key="s" * 64, algorithm="HS256"), keys={"keys": [key]})


def test_a_key_that_says_what_for_is_for_nothing_else() -> None:
    with pytest.raises(NotProved):
        read(token(algorithm="PS256"))


def test_a_key_that_nobody_knows_may_be_a_new_one() -> None:
    with pytest.raises(UnknownKey):
        read(token(headers={"kid": "unknown"}))


def test_the_only_key_needs_no_name() -> None:
    assert read(token(headers={}), keys=public_keys("school")) == "person-1"


NO_KEYS: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "list": list,
    "empty": dict,
    "no keys": lambda: {"keys": []},
    "words": lambda: {"keys": "school"},
    "figure": lambda: {"keys": [7]},
    "no kind": lambda: {"keys": [{"kid": "school"}]},
    "not to sign with": lambda: {"keys": [public_keys("school")["keys"][0] | {"use": "enc"}]},
    "two of one name": lambda: public_keys("school", "school"),
}


@pytest.mark.parametrize("what", NO_KEYS)
def test_keys_that_are_none(what: str) -> None:
    with pytest.raises(NotProved):
        read(token(), keys=NO_KEYS[what]())


def test_a_secret_that_everybody_can_read_signs_nothing() -> None:
    """A set of keys with a shared secret in it: whoever reads it could sign."""
    secret = {"kty": "oct", "kid": "school", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}
    signed = token(key=b"secret-secret-secret-secret-secret", algorithm="HS256")
    with pytest.raises(NotProved):
        read(signed, keys={"keys": [secret]})
