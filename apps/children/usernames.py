"""Sign-in names: the first name and a number. A surname in it would tell a classroom who the child is."""

import re
import secrets
import unicodedata

from apps.accounts.models import Student

NAME = re.compile(r"[a-z][a-z0-9]{2,29}")
# For first names that have no letter from a to z.
PLAIN = "child"
LONGEST_STEM = 20


def plain(text: str) -> str:
    """Small letters from a to z: Zoë becomes zoe."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss")).lower()
    return "".join(character for character in decomposed if "a" <= character <= "z")


def suggest(student: Student) -> str:
    """The first name and a number from 10 to 9999; may be taken."""
    stem = plain(student.name.split()[0])[:LONGEST_STEM] or PLAIN
    return f"{stem}{10 + secrets.randbelow(9990)}"


def clean_username(typed: str) -> str:
    """As it is stored: any case and spaces around do not matter."""
    return typed.strip().lower()


def holds_surname(username: str, student: Student) -> bool:
    """Whether any later word of the name stands in it; two letters are no surname yet."""
    words = [plain(word) for word in student.name.split()[1:]]
    return any(len(word) > 2 and word in plain(username) for word in words)
