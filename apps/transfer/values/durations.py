"""How long something took, as people write it."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Unit(StrEnum):
    """What a number is that says no unit of its own."""

    MINUTES = "min"
    HOURS = "h"
    SECONDS = "s"


class DurationIsUnclear(ValueError):
    """No length of time can be made of it."""


@dataclass(frozen=True, slots=True)
class Length:
    """Whole minutes; ``is_rounded`` when it was not whole."""

    minutes: int
    is_rounded: bool = False


SECONDS = {Unit.HOURS: 3600, Unit.MINUTES: 60, Unit.SECONDS: 1}
_WORDS = {
    Unit.HOURS: "h hr hrs hour hours std stunde stunden",
    Unit.MINUTES: "m min mins minute minutes minuten ' ′",  # noqa: RUF001  (the sign for minutes)
    Unit.SECONDS: 's sec secs second seconds sek sekunde sekunden " ″',
}
_UNITS = {word: unit for unit, words in _WORDS.items() for word in words.split()}
_NUMBER = r"\d{1,7}(?:[.,]\d{1,20})?"
_PART = re.compile(rf"({_NUMBER})\s*([^\W\d]+|['′\"″])?\.?\s*")  # noqa: RUF001
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_ISO = re.compile(rf"P(?:(\d{{1,3}})D)?T?(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?", re.IGNORECASE)
_AND = re.compile(r" (?:and|und|&) ")
# A day has no more hours: what is more before the first colon are minutes.
HOURS_OF_A_DAY = 24


def read_minutes(text: str, *, unit: Unit = Unit.MINUTES) -> Length:
    """Raises DurationIsUnclear. ``1:15`` is an hour and a quarter, ``45:00`` are 45 minutes."""
    said = _AND.sub(" ", " ".join(text.split()).casefold())
    read = (_iso(said), _clock(said), _parts(said, unit))
    seconds = next((each for each in read if each is not None), None)
    if seconds is None:
        raise DurationIsUnclear(text)
    minutes = int((seconds / 60).quantize(Decimal(1), ROUND_HALF_UP))
    if seconds > 0:
        minutes = max(1, minutes)
    return Length(minutes, is_rounded=minutes * 60 != seconds)


def _number(text: str | None) -> Decimal:
    return Decimal((text or "0").replace(",", "."))


def _iso(said: str) -> Decimal | None:
    match = _ISO.fullmatch(said)
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes, seconds = map(_number, match.groups())
    return days * 86400 + hours * 3600 + minutes * 60 + seconds


def _clock(said: str) -> Decimal | None:
    match = _CLOCK.fullmatch(said)
    if match is None or int(match[2]) > 59 or int(match[3] or 0) > 59:
        return None
    first, second, third = int(match[1]), int(match[2]), match[3]
    if third is None and first >= HOURS_OF_A_DAY:
        return Decimal(first * 60 + second)
    return Decimal(first * 3600 + second * 60 + int(third or 0))


def _parts(said: str, unit: Unit) -> Decimal | None:
    """``1h 15m``, ``0,75 h``, ``45 min``, ``1h15``, ``45``."""
    total, place, last = Decimal(0), 0, None
    while place < len(said):
        match = _PART.match(said, place)
        if match is None:
            return None
        own = _own_unit(match[2], last, unit)
        if own is None or (last is not None and SECONDS[own] >= SECONDS[last]):
            return None
        total += _number(match[1]) * SECONDS[own]
        place, last = match.end(), own
    return total if last is not None else None


def _own_unit(word: str | None, last: Unit | None, unit: Unit) -> Unit | None:
    if word is not None:
        return _UNITS.get(word)
    if last is None:
        return unit
    # "1h15"
    return Unit.MINUTES if last == Unit.HOURS else None
