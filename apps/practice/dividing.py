"""The minutes of a session over its lines."""

from collections.abc import Sequence


def add_up(minutes: int, said: Sequence[int | None]) -> bool:
    """Whether lines can add up to the minutes: the said ones do, or leave something to the others."""
    total = sum(filter(None, said))
    return total == minutes or not said or (total < minutes and None in said)


def divide(minutes: int, said: Sequence[int | None]) -> list[int]:
    """Parts that add up to the minutes: what was said stays, the other lines share the rest evenly.

    Whole minutes; what is left over goes to the first of them, so with more lines than minutes the last ones
    get none. ``said`` holds one at least that is None, or adds up by itself.
    """
    rest, others = minutes - sum(filter(None, said)), said.count(None)
    even, over = divmod(rest, others) if others else (0, 0)
    parts = []
    for known in said:
        parts.append(even + (over > 0) if known is None else known)
        over -= known is None
    return parts
