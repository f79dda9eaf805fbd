"""Other places at which people may prove who they are, as the environment names them (ADR 0022)."""

import json
import re
import ssl
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

FIELDS = {"id", "name", "client_id", "server_url"}
MOST_LETTERS = {"name": 40, "client_id": 191}
# Without a certificate only on this very machine: for trying it out.
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def apps_of(providers: str, secrets: str) -> list[dict[str, Any]]:
    """The places as allauth reads them; two empty texts name none.

    Raises ImproperlyConfigured, which says what is wrong and repeats no secret.
    """
    rows, keys = _read("SIGN_IN_PROVIDERS", providers, list), _read("SIGN_IN_SECRETS", secrets, dict)
    found = [_app(row, keys) for row in rows]
    ids = [app["provider_id"] for app in found]
    if len(set(ids)) < len(ids):
        raise ImproperlyConfigured("SIGN_IN_PROVIDERS: two have the same id")
    if set(keys) - set(ids):
        # Not which: somebody may have written the secret where the id belongs.
        raise ImproperlyConfigured("SIGN_IN_SECRETS has one that belongs to no id of SIGN_IN_PROVIDERS")
    return found


def ca_bundle(path: str) -> str:
    """A file of the certificates whose owners are believed instead of the public ones; empty: those.

    Raises ImproperlyConfigured where there is no such file, or none in it.
    """
    if path:
        try:
            ssl.create_default_context(cafile=path)
        except OSError as error:
            raise ImproperlyConfigured("SIGN_IN_CA_BUNDLE names no file of certificates (PEM)") from error
    return path


def _read(variable: str, text: str, kind: type) -> Any:
    try:
        found = json.loads(text.strip() or "null") or kind()
    except ValueError:
        # Not with the reason, which would show the text.
        raise ImproperlyConfigured(f"{variable} is no JSON") from None
    if not isinstance(found, kind):
        raise ImproperlyConfigured(f"{variable} must be a JSON {kind.__name__}")
    return found


def _app(row: Any, keys: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(row, dict) or set(row) != FIELDS or not all(isinstance(row[name], str) for name in row):
        raise ImproperlyConfigured(f"SIGN_IN_PROVIDERS: each needs the texts {', '.join(sorted(FIELDS))}")
    place = row["id"]
    # It stands in addresses and on the person's row.
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", place):
        raise ImproperlyConfigured("SIGN_IN_PROVIDERS: an id is small letters, figures and hyphens")
    for name, most in MOST_LETTERS.items():
        if not 0 < len(row[name]) <= most:
            raise ImproperlyConfigured(f"SIGN_IN_PROVIDERS: {name} of {place} has 1 to {most} letters")
    _check_address(place, row["server_url"])
    secret = keys.get(place)
    if not isinstance(secret, str) or not secret:
        raise ImproperlyConfigured(f"SIGN_IN_SECRETS has none for {place}")
    return {
        "provider_id": place,
        "name": row["name"],
        "client_id": row["client_id"],
        "secret": secret,
        "settings": {"server_url": row["server_url"].rstrip("/")},
    }


def _check_address(place: str, address: str) -> None:
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not is_safe or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise ImproperlyConfigured(f"SIGN_IN_PROVIDERS: server_url of {place} is no https address")
