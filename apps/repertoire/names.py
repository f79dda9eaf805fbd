"""Names as they are compared: two people write the same title in two ways."""

import re
import unicodedata

# Of Latin, Greek and Cyrillic letters. Those of other scripts make another word: か is not が.
ACCENTS = re.compile("[\u0300-\u036f]")
# C is not C sharp.
SHARP, FLAT = re.compile(r"\b([a-h])[#\u266f]"), "\u266d"


def folded(name: str, longest: int) -> str:
    """Words in small letters without accents and punctuation; a name of signs alone stays as it is.

    At most ``longest`` characters: taken apart, a single sign may become many.
    """
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", name.casefold())).casefold()
    said = SHARP.sub(r"\1 sharp ", plain).replace(FLAT, " flat ")
    words = "".join(char if _is_of_a_word(char) else " " for char in said).split()
    return (" ".join(words) or name.casefold())[:longest].strip()


def _is_of_a_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")


def same_composer(one: str, other: str) -> bool:
    """Of two composers as people typed them. An unknown one may be anybody; else the family names decide:
    the first word before a comma, the last one without."""
    return not one.strip() or not other.strip() or _family_name(one) == _family_name(other)


def _family_name(composer: str) -> str:
    before, comma, _after = composer.partition(",")
    words = folded(before if comma else composer, len(composer) * 2).split()
    return (words or [""])[-1]
