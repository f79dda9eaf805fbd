"""Asking another server, which may be slow, endless or somebody else's: little, and not for long."""

import time
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from urllib3.exceptions import HTTPError

WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Seconds: until somebody takes the call, between two pieces of an answer, and for all pieces together.
CONNECT, READ, WHOLE = 2.0, 3.0, 5.0
MOST_BYTES = 256 * 1024
# Seconds for which is held what a place says about itself and its keys, and that it is away.
HELD, AWAY = 600, 30

# In this process's memory: each worker asks for itself, and a wrong answer stays with one of them.
_held = LocMemCache("places", {"OPTIONS": {"MAX_ENTRIES": 200}})


class PlaceFailed(OAuth2Error):
    """A place did not do its part. ``word`` is ours and may stand in a log: it holds nothing of an answer."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Session(requests.Session):
    """Goes to one address and no further, with no setting of the machine in between. Raises PlaceFailed.

    Whose certificates are believed is the installation's own word, not that of the machine either.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = settings.SIGN_IN_CA_BUNDLE or True
        # Packed, a small answer could become an endless one.
        self.headers["Accept-Encoding"] = "identity"

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: a secret that was meant for one address is not carried to another."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        until = time.monotonic() + WHOLE
        answer = super().request(*args, **kwargs | {"timeout": (CONNECT, READ), "stream": True})
        try:
            if 300 <= answer.status_code < 400:
                raise PlaceFailed("redirect")
            body = _read(answer.raw, until)
        except HTTPError as error:
            raise requests.ConnectionError(type(error).__name__) from error
        finally:
            answer.close()
        answer.raw = BytesIO(body)
        return answer


def _read(raw: Any, until: float) -> bytes:
    """In pieces as they come. Raises PlaceFailed for too many or too slow ones."""
    body = b""
    while piece := raw.read1(16 * 1024):
        body += piece
        if len(body) > MOST_BYTES:
            raise PlaceFailed("too large")
        if time.monotonic() > until:
            raise PlaceFailed("too slow")
    return body


def fetch(address: str) -> Any:
    """What this address answers, as JSON. Raises PlaceFailed, or what requests raises."""
    with Session() as session:
        answer = session.get(address)
        answer.raise_for_status()
        try:
            return answer.json()
        except requests.RequestException:
            raise
        except (RecursionError, ValueError) as error:
            # Too deep, or a number of more figures than Python reads: JSON all the same.
            raise PlaceFailed("unreadable") from error


def describe(server_url: str) -> dict[str, Any]:
    """What the place says about itself, at most ten minutes ago; one that is away is left alone for a while.

    Raises PlaceFailed.
    """
    known: dict[str, Any] | str | None = _held.get(server_url)
    found = _ask(server_url) if known is None else known
    if isinstance(found, str):
        raise PlaceFailed(found)
    return found


def _ask(server_url: str) -> dict[str, Any] | str:
    """Afresh, and held; or the word for what went wrong."""
    try:
        found = _checked(server_url, fetch(server_url + WELL_KNOWN))
        _hold(server_url, found)
    except (PlaceFailed, requests.RequestException) as error:
        word = str(error.word) if isinstance(error, PlaceFailed) else type(error).__name__
        _held.set(server_url, word, AWAY)
        return word
    return found


def _checked(server_url: str, found: Any) -> dict[str, Any]:
    """Raises PlaceFailed where it is another one, or speaks unsafely."""
    if not isinstance(found, dict):
        raise PlaceFailed("issuer")
    issuer = found.get("issuer")
    if not isinstance(issuer, str) or issuer.rstrip("/") != server_url:
        raise PlaceFailed("issuer")
    methods = found.get("token_endpoint_auth_methods_supported", [])
    if not isinstance(methods, list):
        raise PlaceFailed("description")
    if not all(_is_safe(server_url, found.get(name)) for name in ENDPOINTS):
        raise PlaceFailed("endpoint")
    return found


def _is_safe(server_url: str, address: object) -> bool:
    """A place without a certificate is one on this machine, and may name addresses like its own."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"https", urlsplit(server_url).scheme} and not parts.fragment


def held_keys(address: str) -> Any:
    """The keys as they were fetched at most ten minutes ago; None if they were not."""
    return _held.get(address)


def fetch_keys(address: str) -> Any:
    """Afresh. Raises PlaceFailed, or what requests raises."""
    found = fetch(address)
    _hold(address, found)
    return found


def _hold(address: str, found: Any) -> None:
    """Raises PlaceFailed for what can be read, but is too deep to be packed."""
    try:
        _held.set(address, found, HELD)
    except RecursionError as error:
        raise PlaceFailed("unreadable") from error


def forget() -> None:
    """Whatever is held of places."""
    _held.clear()
