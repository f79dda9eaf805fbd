"""A row of somebody's file as what it would become in the diary, with what is to be said about it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError

from apps.core.days import DEFAULT_DAY_ENDS_AT_HOUR, is_time_zone
from apps.core.forms import LineField, refuse_invisible
from apps.practice.content import Line
from apps.practice.forms import EARLIEST
from apps.practice.models.areas import FOCUS_AREA_NAMES, LONGEST_AREA
from apps.practice.models.entries import RATINGS, SHOWN_OF_A_LINE, TEXTS, ItemKind
from apps.practice.services.areas import MOST_AREAS
from apps.repertoire.names import folded

from .columns import ONLY_FOR, PRIVATE, YES, in_every_language
from .line_cells import PartIsUnknown, read_lines
from .reading.limits import LONGEST_VALUE
from .values.days import DayIsUnclear, Order, read_clock, read_day
from .values.durations import DurationIsUnclear, Unit, read_minutes

# What can be said in a row that stands for "it is so", beside the words of our own exports.
_TRUE = {"1", "x", "true", "wahr", "y", "j", "on"}
_FALSE = {"", "0", "no", "nein", "false", "falsch", "n", "off", "-"}
LONGEST_SHOWN = 60
_LINE = LineField(required=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` says which sentence, ``values`` fill it."""

    code: str
    values: tuple[str | int, ...] = ()


class RowIsRefused(Exception):
    """Nothing can become of this row."""

    def __init__(self, code: str, *values: str | int) -> None:
        super().__init__(code)
        self.problem = Problem(code, tuple(_short(value) for value in values))


def _short(value: str | int) -> str | int:
    if isinstance(value, int) or len(value) <= LONGEST_SHOWN:
        return value
    return f"{value[:LONGEST_SHOWN]}…"


@dataclass(frozen=True)
class Diary:
    """As much of a diary as a row is read against. Teachings by the label that an export gives them."""

    name: str
    zone: str
    is_family: bool
    day_ends_at_hour: int = DEFAULT_DAY_ENDS_AT_HOUR
    teachings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """What a person chose for the whole file."""

    order: Order | None = None
    unit: Unit = Unit.MINUTES
    doubles: bool = False
    make: bool = False
    fill: str = ""
    # Of rows that do not say it: nothing for all, "private", or a teaching's key.
    audience: str = ""
    # The file is an export of Woodshed: what it separates has line breaks between, and nothing else.
    own: bool = False


@dataclass
class Draft:
    """``content`` is empty where the row is refused; see ``content_of``."""

    content: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    is_refused: bool = False

    def warn(self, code: str, *values: str | int) -> None:
        self.problems.append(Problem(code, tuple(_short(value) for value in values)))

    def leave_out(self, areas: Sequence[str]) -> None:
        """Said once, however many there are."""
        if areas:
            self.warn("area_left_out", ", ".join(areas))


@cache
def _shipped_areas() -> Mapping[str, str]:
    return {
        folded(name, LONGEST_AREA): slug
        for slug, label in FOCUS_AREA_NAMES.items()
        for name in in_every_language(label)
    }


def _said(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in SHOWN_OF_A_LINE}


class Reader:
    """Reads rows by the columns that a person chose: ``mapping`` says in which column each field stands."""

    def __init__(self, mapping: Mapping[str, int], options: Options, diary: Diary) -> None:
        self._mapping, self._options, self._diary = mapping, options, diary
        self._yes = _TRUE | {word.casefold() for word in in_every_language(YES)}
        self._private = {word.casefold() for word in in_every_language(PRIVATE)} | self._yes
        self._only_for = [text.partition("%(name)s")[0] for text in in_every_language(ONLY_FOR)]

    def read(self, cells: Sequence[str]) -> Draft:
        draft = Draft()
        try:
            self._student(cells)
            draft.content = self._content(cells, draft)
        except RowIsRefused as refusal:
            return Draft(problems=[*draft.problems, refusal.problem], is_refused=True)
        return draft

    def _cell(self, cells: Sequence[str], name: str) -> str:
        place = self._mapping.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def _value(self, cells: Sequence[str], name: str, code: str) -> str:
        """What is no text: nobody writes a day or a number that long, and to look at it would take long."""
        said = self._cell(cells, name)
        if len(said) > LONGEST_VALUE:
            raise RowIsRefused(code, said)
        return said

    def _student(self, cells: Sequence[str]) -> None:
        """A studio's file is about many students: one diary takes what is its own."""
        name = self._cell(cells, "student")
        own = folded(self._diary.name, 200)
        if name and folded(name, 200) not in (own, own.partition(" ")[0]):
            raise RowIsRefused("of_another_student", name)

    def _content(self, cells: Sequence[str], draft: Draft) -> dict[str, Any]:
        zone = self._time_zone(cells, draft)
        day, at = self._moment(cells, zone)
        content: dict[str, Any] = {
            "date": day.isoformat(),
            "started_at": at,
            "minutes": self._minutes(cells, draft),
        }
        content["time_zone"] = zone
        content["lines"] = [_said(line) for line in self._lines(cells, draft)]
        content |= {name: self._text(cells, name) for name in TEXTS}
        content |= self._areas(cells, draft)
        content |= {name: self._flag(cells, name, draft) for name in ("exam", "performance")}
        content |= {name: self._rating(cells, name, draft) for name in RATINGS}
        content["audience"] = self._audience(cells, draft)
        self._fill(content)
        return content

    def _moment(self, cells: Sequence[str], zone: str) -> tuple[date, str]:
        said = self._value(cells, "date", "day_unclear")
        if not said:
            raise RowIsRefused("no_day")
        try:
            found = read_day(
                said,
                order=self._options.order,
                zone=zone or self._diary.zone,
                day_ends_at_hour=self._diary.day_ends_at_hour,
            )
        except DayIsUnclear:
            raise RowIsRefused("day_unclear", said) from None
        if found.day < EARLIEST:
            raise RowIsRefused("day_too_early", found.day.isoformat())
        clock = self._value(cells, "started_at", "clock_unclear")
        if not clock:
            return found.day, found.at.isoformat() if found.at else ""
        try:
            return found.day, read_clock(clock).isoformat()
        except DayIsUnclear:
            raise RowIsRefused("clock_unclear", clock) from None

    def _minutes(self, cells: Sequence[str], draft: Draft) -> int:
        said = self._value(cells, "minutes", "length_unclear")
        if not said:
            raise RowIsRefused("no_length")
        try:
            length = read_minutes(said, unit=self._options.unit)
        except DurationIsUnclear:
            raise RowIsRefused("length_unclear", said) from None
        if length.is_rounded:
            draft.warn("rounded", said, length.minutes)
        return length.minutes

    def _time_zone(self, cells: Sequence[str], draft: Draft) -> str:
        said = self._cell(cells, "time_zone")
        if said and not is_time_zone(said):
            draft.warn("zone_unknown", said)
            return ""
        return said

    def _lines(self, cells: Sequence[str], draft: Draft) -> list[Line]:
        try:
            found = read_lines(self._cell(cells, "lines"))
        except PartIsUnknown as error:
            raise RowIsRefused("line_part_unknown", str(error)) from None
        tempo, repetitions = self._number(cells, "tempo"), self._number(cells, "repetitions")
        piece, composer = self._cell(cells, "piece"), self._cell(cells, "composer")
        skill = self._cell(cells, "skill")
        if piece:
            title = f"{piece} ({composer})" if composer else piece
            found.append(Line(title, tempo=tempo, repetitions=repetitions))
        if skill and piece:
            found.append(Line(skill, kind=ItemKind.EXERCISE))
        elif skill:
            found.append(Line(skill, kind=ItemKind.EXERCISE, tempo=tempo, repetitions=repetitions))
        if not found and (tempo, repetitions) != (None, None):
            draft.warn("numbers_without_line")
        return [self._cleaned(line) for line in found]

    def _cleaned(self, line: Line) -> Line:
        title = _LINE.to_python(line.title)
        self._seen(title)
        return Line(title, line.kind, line.minutes, line.tempo, line.repetitions)

    def _seen(self, text: str) -> None:
        try:
            refuse_invisible(text)
        except ValidationError:
            raise RowIsRefused("invisible") from None

    def _number(self, cells: Sequence[str], name: str) -> int | None:
        said = self._value(cells, name, "no_number")
        if not said:
            return None
        digits = said.removesuffix("bpm").removesuffix("x").strip()
        try:
            return int(digits) if len(digits) < 7 else 10**6
        except ValueError:
            raise RowIsRefused("no_number", said) from None

    def _text(self, cells: Sequence[str], name: str) -> str:
        text = self._cell(cells, name).replace("\0", "")
        self._seen(text)
        if len(text) > TEXTS[name]:
            raise RowIsRefused("TextIsTooLong", name, TEXTS[name])
        return text

    def _areas(self, cells: Sequence[str], draft: Draft) -> dict[str, list[str]]:
        """Everybody's by their keys, in whatever language they were named; the student's own by name."""
        said = self._cell(cells, "focus")
        names = said.splitlines() if self._options.own else re.split(r"[;,|\n\r]", said)
        shipped: dict[str, None] = {}
        own: dict[str, str] = {}
        left: list[str] = []
        for name in filter(None, map(_LINE.to_python, names)):
            key = folded(name, LONGEST_AREA)
            if key in _shipped_areas():
                shipped[_shipped_areas()[key]] = None
            elif len(name) > LONGEST_AREA or not self._diary.is_family:
                left.append(name)
            elif key in own or len(own) < MOST_AREAS:
                self._seen(name)
                own.setdefault(key, name)
            else:
                left.append(name)
        draft.leave_out(left)
        return {"areas": sorted(shipped), "own_areas": list(own.values())}

    def _flag(self, cells: Sequence[str], name: str, draft: Draft) -> bool:
        said = self._cell(cells, name).casefold()
        if said not in self._yes and said not in _FALSE:
            draft.warn("flag_unclear", said)
        return said in self._yes

    def _rating(self, cells: Sequence[str], name: str, draft: Draft) -> int | None:
        said = self._cell(cells, name)
        if not said:
            return None
        if said.isascii() and said.isdigit() and len(said) == 1 and 1 <= int(said) <= 5:
            return int(said)
        if set(said) <= {"★", "☆", "*"} and 1 <= said.count("★") + said.count("*") <= 5:
            return said.count("★") + said.count("*")
        draft.warn("rating_unclear", said)
        return None

    def _audience(self, cells: Sequence[str], draft: Draft) -> str:
        """Nothing for all, "private", or a teaching's key. What cannot be kept to whom it was for is kept to
        the family: nobody reads by an import what they could not read before."""
        said = self._cell(cells, "audience")
        if not said and self._diary.is_family:
            return self._options.audience
        if said.casefold() in _FALSE:
            return ""
        if not self._diary.is_family:
            raise RowIsRefused("not_for_guests")
        if said.casefold() in self._private:
            return "private"
        named = next((said[len(start) :] for start in self._only_for if said.startswith(start)), said)
        found = self._diary.teachings.get(named.casefold())
        if found is None:
            draft.warn("teacher_unknown", named)
            return "private"
        return found

    def _fill(self, content: dict[str, Any]) -> None:
        if not content["lines"] and not content["description"] and self._options.fill:
            content["lines"] = [_said(Line(self._options.fill))]
