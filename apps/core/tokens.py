"""Secrets of links: derived from a row and the installation's secret, and kept as a hash only.

So the worker can write the link when it sends the mail, a card can be printed again, and a copy of the
database opens nothing. A new nonce in the row makes a new secret; the old one is dead.
"""

import hashlib

from django.utils.crypto import salted_hmac


def derive_token(salt: str, pk: object, nonce: str) -> str:
    """256 bits in hexadecimal; ``salt`` names what it is for, so that no two purposes share a secret."""
    return derive_bytes(salt, pk, nonce).hex()


def derive_bytes(salt: str, pk: object, nonce: str) -> bytes:
    return salted_hmac(salt, f"{pk}:{nonce}", algorithm="sha256").digest()


def hash_token(token: str) -> str:
    """Of secrets with 128 bits and more: nobody can try them all, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
