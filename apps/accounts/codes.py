"""Invitation codes: six characters to read aloud, write on a board and type on a phone.

The alphabet has no characters that look alike (0 O, 1 I L) and no vowels, so that no code is a word.
A code is short, so what guards it is how few may be tried: see ``services.find_by_code``.
"""

from ipaddress import IPv6Address, ip_address, ip_network

from django.utils.crypto import salted_hmac

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 6


def code_from(digest: bytes) -> str:
    """The code of a secret; evenly spread, for a digest has many more bits than the code."""
    number, characters = int.from_bytes(digest), []
    for _position in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[rest])
    return "".join(characters)


def clean_code(typed: str) -> str | None:
    """What was meant by what was typed: any case, with spaces or hyphens; None if it cannot be a code."""
    code = "".join(character for character in typed.upper() if not character.isspace() and character != "-")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def hash_code(code: str) -> str:
    """How a code is stored. Keyed: all codes could be hashed in minutes by whoever reads the table."""
    return salted_hmac("accounts.invitation-code", code, algorithm="sha256").hexdigest()


def network_of(address: str) -> str:
    """Where somebody comes from, as tries are counted: of IPv6 the first half, which one subscriber has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)
