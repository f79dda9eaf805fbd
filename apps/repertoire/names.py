"""Names as they are compared: two people write the same title in two ways."""

import unicodedata


def folded(name: str, longest: int) -> str:
    """Words in small letters without accents and punctuation; a name of signs alone stays as it is.

    At most ``longest`` characters: taken apart, a single sign may become many.
    """
    apart = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in apart if unicodedata.category(char) != "Mn").casefold()
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return (" ".join(words) or name.casefold())[:longest].strip()


def same_composer(one: str, other: str) -> bool:
    """Of two composers as people typed them. An unknown one may be anybody; else the family names decide:
    the first word before a comma, the last one without."""
    return not one.strip() or not other.strip() or _family_name(one) == _family_name(other)


def _family_name(composer: str) -> str:
    before, comma, _after = composer.partition(",")
    words = folded(before if comma else composer, len(composer) * 2).split()
    return (words or [""])[-1]
