"""The places at which an installation lets people sign in: from its environment, never from a table."""

from hashlib import sha256
from typing import Any

from django.conf import settings


def places() -> dict[str, dict[str, Any]]:
    """What ``config.sign_in`` made of the environment, by id, in its order."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return {app["provider_id"]: app for app in apps}


def name_of(place: str) -> str:
    """What people call it. Of one that is not offered any more its id is all that we know."""
    known = places().get(place)
    return str(known["name"]) if known else place


def mark_of(issuer: str, subject: str) -> str:
    """What we keep of a person's number at a place: it fits that number of that issuer alone.

    So an id that is given to another server one day opens nobody's account with the numbers of that one.
    """
    return sha256(f"{issuer}\x00{subject}".encode()).hexdigest()
