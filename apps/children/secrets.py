"""Picture passwords and PINs: how they are made one text, and how that is kept.

Both are short, so the text is keyed with the installation's secret before Django's slow hash: whoever
has only the database cannot try them all. With a new key each child needs a new secret.
"""

from collections.abc import Sequence
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.utils.crypto import salted_hmac

from .models import ChildLogin
from .pictures import CODES, LENGTH

PIN_LENGTH = 6


def of_pictures(codes: Sequence[str]) -> str:
    return "-".join(codes)


def is_picture_password(codes: Sequence[str]) -> bool:
    """Four pictures that we have, not all the same."""
    return len(codes) == LENGTH and set(codes) <= CODES and len(set(codes)) > 1


def is_pin(digits: str) -> bool:
    return len(digits) == PIN_LENGTH and digits.isascii() and digits.isdigit()


def is_easy(digits: str) -> bool:
    """What everybody tries first: one or two digits all along, or counting up or down."""
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    return len(set(digits)) <= 2 or steps in ({1}, {-1})


def _keyed(login: ChildLogin, value: str) -> str:
    return salted_hmac("children.secret", f"{login.pk}:{login.kind}:{value}", algorithm="sha256").hexdigest()


def set_secret(login: ChildLogin, value: str) -> None:
    """Not saved. The kind must be set before."""
    login.secret = make_password(_keyed(login, value))


def matches(login: ChildLogin, value: str) -> bool:
    return login.has_secret and check_password(_keyed(login, value), login.secret)
