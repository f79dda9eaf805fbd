"""Days as people write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from apps.core.days import DEFAULT_DAY_ENDS_AT_HOUR, local_day


class Order(StrEnum):
    """Which of two numbers between strokes is the month: 11/21/2026 or 21/11/2026."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class DayIsUnclear(ValueError):
    """No day can be made of it, or two can and nobody said which."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the time of day if one stood beside it."""

    day: date
    at: time | None = None


_TAIL = (
    r"(?:[T ,]+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?)"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(
    rf"(\d{{4}})([-/.]?)(\d{{2}}|(?<=[-/.])\d)\2(\d{{2}}|(?<=[-/.])\d){_TAIL}", re.IGNORECASE
)
_DOTS = re.compile(rf"(\d{{1,2}})\. ?(\d{{1,2}})\. ?(\d{{4}}|\d{{2}}){_TAIL}", re.IGNORECASE)
_STROKES = re.compile(rf"(\d{{1,2}})([/-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TAIL}", re.IGNORECASE)
_DAY_IN_WORDS = re.compile(
    rf"(\d{{1,2}})(?:\.|st|nd|rd|th)?[ -]+([^\W\d]+)\.?,?[ -]+(\d{{4}}){_TAIL}", re.IGNORECASE
)
_MONTH_IN_WORDS = re.compile(
    rf"([^\W\d]+)\.? +(\d{{1,2}})(?:st|nd|rd|th)?,? +(\d{{4}}){_TAIL}", re.IGNORECASE
)
# Where year, month and day stand in each; word and day.
_PLAIN = {_YEAR_FIRST: (1, 3, 4), _DOTS: (3, 2, 1)}
_IN_WORDS = {_DAY_IN_WORDS: (2, 1), _MONTH_IN_WORDS: (1, 2)}
_WEEKDAY = re.compile(r"^[^\W\d]{2,10}\.?, *")
_CLOCK = re.compile(
    r"(\d{1,2})[:.](\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?\s*(?:([ap])\.?m\.?|Uhr)?", re.IGNORECASE
)
# English and German; their first three letters tell them apart, but for these.
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_GERMAN = {"mär": 3, "mae": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12, "jän": 1}


def read_day(
    text: str, *, order: Order | None, zone: str, day_ends_at_hour: int = DEFAULT_DAY_ENDS_AT_HOUR
) -> Moment:
    """``order`` decides what the text leaves open, ``zone`` is where a moment with an offset is looked at:
    its day is the practice day there, as if somebody had just stopped.

    Raises DayIsUnclear.
    """
    said = _WEEKDAY.sub("", " ".join(text.split()))
    try:
        found = _parts(said, order)
        if found is None:
            raise DayIsUnclear(text)
        year, month, day, match = found
        return _moment(date(year, month, day), match, zone, day_ends_at_hour)
    except (ValueError, OverflowError) as error:
        raise DayIsUnclear(text) from error


def _parts(said: str, order: Order | None) -> tuple[int, int, int, "re.Match[str]"] | None:
    """Year, month, day."""
    for pattern, (year, month, day) in _PLAIN.items():
        if match := pattern.fullmatch(said):
            return _year(match[year]), int(match[month]), int(match[day]), match
    if match := _STROKES.fullmatch(said):
        return _ordered(match, order)
    for pattern, (word, day) in _IN_WORDS.items():
        if match := pattern.fullmatch(said):
            return _year(match[3]), _month(match[word]), int(match[day]), match
    return None


def _ordered(match: "re.Match[str]", order: Order | None) -> tuple[int, int, int, "re.Match[str]"] | None:
    first, second = int(match[1]), int(match[3])
    if order is None and first != second:
        return None
    month, day = (first, second) if order == Order.MONTH_FIRST else (second, first)
    return _year(match[4]), month, day, match


def _year(said: str) -> int:
    """Two numbers are of this century."""
    return int(said) + (2000 if len(said) == 2 else 0)


def _month(word: str) -> int:
    beginning = word.casefold()[:3]
    return _GERMAN.get(beginning) or _MONTHS.index(beginning) + 1


def _moment(day: date, match: "re.Match[str]", zone: str, day_ends_at_hour: int) -> Moment:
    clock, offset = match["clock"], match["zone"]
    at = read_clock(clock) if clock else None
    if at is not None and offset:
        there = datetime.fromisoformat(f"{day}T{at.isoformat()}{'+00:00' if offset in 'Zz' else offset}")
        local = there.astimezone(ZoneInfo(zone))
        return Moment(local_day(there, zone, day_ends_at_hour=day_ends_at_hour), local.time())
    # A spreadsheet's day without a time is its midnight.
    return Moment(day, at if at != time() else None)


def read_clock(text: str) -> time:
    """A time of day. Raises DayIsUnclear."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise DayIsUnclear(text)
    hour, half = int(match[1]), (match[5] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(match[2]), int(match[3] or 0), int((match[4] or "0").ljust(6, "0")))
    except ValueError as error:
        raise DayIsUnclear(text) from error


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a whole column says about its order: numbers above twelve are no months."""

    day_first: bool = False
    month_first: bool = False
    open: bool = False

    @property
    def order(self) -> Order | None:
        """The one that fits all of it; none where nothing tells, or it contradicts itself."""
        if self.day_first == self.month_first:
            return None
        return Order.DAY_FIRST if self.day_first else Order.MONTH_FIRST

    @property
    def must_ask(self) -> bool:
        return self.order is None and (self.open or self.day_first)


def evidence_of(texts: Iterable[str]) -> Evidence:
    day_first = month_first = is_open = False
    for text in texts:
        match = _STROKES.fullmatch(_WEEKDAY.sub("", " ".join(text.split())))
        if match is None:
            continue
        first, second = int(match[1]), int(match[3])
        day_first |= first > 12 >= second
        month_first |= second > 12 >= first
        is_open |= first <= 12 and second <= 12 and first != second
    return Evidence(day_first, month_first, is_open)
