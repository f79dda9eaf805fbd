"""Reading what another place signed about somebody: their number there, if every word of it holds."""

from typing import Any

import jwt

RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
# A pair of keys each. A shared secret proves nothing that we could not have written ourselves, and "none"
# nothing at all.
ALGORITHMS = [*RSA, "ES256", "ES384", "ES512", "EdDSA"]
NEEDED = ["iss", "aud", "exp", "iat", "sub", "nonce"]
# Seconds by which two clocks may differ.
LEEWAY = 60
# What reading a token or a key of no known form may raise.
ODD = (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError)
MOST_LETTERS = 191


class NotProved(Exception):
    """The token does not say, signed by the right one and for us, who somebody is.

    Its text is a word of ours, or the name of a kind of error, and may stand in a log.
    """


class UnknownKey(NotProved):
    """None of these keys has signed it; the place may have new ones."""


def subject_of(
    token: object, *, keys: object, issuer: str, client_id: str, nonce: str, signed_in_since: int
) -> str:
    """The number that this issuer has for the person. Raises NotProved.

    ``keys`` is the issuer's set of keys as it publishes them. ``nonce`` is the word that we sent along: a
    token that was made for another sign-in does not hold it. ``signed_in_since`` (seconds of the epoch) is
    when we asked: who proved themselves there before that may have left the device since.
    """
    try:
        claims = _claims(str(token), keys, issuer, client_id)
    except (jwt.PyJWTError, *ODD) as error:
        raise NotProved(type(error).__name__) from error
    if not nonce or claims["nonce"] != nonce:
        raise NotProved("nonce")
    _check_asker(claims, client_id)
    _check_age(claims.get("auth_time"), signed_in_since)
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= MOST_LETTERS or "\x00" in subject:
        raise NotProved("sub")
    return subject


def _check_asker(claims: dict[str, Any], client_id: str) -> None:
    """Made for several, it must name who asked; whom it names must be us."""
    is_for_several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if is_for_several else client_id) != client_id:
        raise NotProved("azp")


def _check_age(auth_time: object, since: int) -> None:
    """A session that lived on at the place is nobody's proof of who sits before the device now."""
    if auth_time is None:
        raise NotProved("no auth_time")
    # Neither yes and no, nor a number that is none.
    if isinstance(auth_time, bool) or not isinstance(auth_time, int):
        raise NotProved("odd auth_time")
    if auth_time < since - LEEWAY:
        raise NotProved("old auth_time")


def _claims(token: str, keys: object, issuer: str, client_id: str) -> dict[str, Any]:
    """Of several keys the one that the token names; the key says what it is for, not the token."""
    found: dict[str, Any] = jwt.decode(
        token,
        key=_key(token, keys),
        algorithms=ALGORITHMS,
        audience=client_id,
        issuer=issuer,
        leeway=LEEWAY,
        options={"require": NEEDED},
    )
    return found


def _key(token: str, keys: object) -> jwt.PyJWK:
    if not isinstance(keys, dict):
        raise TypeError("keys")
    head = jwt.get_unverified_header(token)
    known = [key for key in keys["keys"] if key.get("use") in (None, "sig")]
    wanted = head.get("kid")
    fitting = (
        known if wanted is None and len(known) == 1 else [key for key in known if key.get("kid") == wanted]
    )
    if len(fitting) != 1:
        raise UnknownKey("kid")
    return _read(fitting[0], head.get("alg"))


def _read(key: dict[str, Any], named: object) -> jwt.PyJWK:
    """A key that does not say what for is taken for what its kind can do, which of RSA is more than one."""
    if key.get("kty") == "RSA" and not key.get("alg") and named in RSA:
        return jwt.PyJWK(key, algorithm=str(named))
    return jwt.PyJWK(key)
