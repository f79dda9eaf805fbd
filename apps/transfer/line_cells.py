"""The lines of a session in one cell: a line of text each, ``Minuet in G | 10 min | 80 bpm | 3 x``.

What stands behind the title may stand in any order. A sign of the title that would end it has a backslash
before it.
"""

import re
from collections.abc import Iterable
from typing import Any

from apps.practice.content import Line
from apps.practice.models.entries import ItemKind, ShownLine

# Behind the title, without a number.
EXERCISE = "exercise"
UNITS = {"min": "minutes", "bpm": "tempo", "x": "repetitions"}
_PART = re.compile(r"(-?\d{1,6})\s*(min|bpm|x)", re.IGNORECASE)
_BREAKS = re.compile(r"\r\n|\r|\n")


class PartIsUnknown(Exception):
    """Something behind a title that is neither minutes, tempo, repetitions nor "exercise"."""


def write_lines(lines: Iterable[ShownLine]) -> str:
    return "\n".join(_written(line) for line in lines)


def _written(line: ShownLine) -> str:
    said = [
        f"{getattr(line, name)} {unit}" for unit, name in UNITS.items() if getattr(line, name) is not None
    ]
    kind = [EXERCISE] if line.kind == ItemKind.EXERCISE else []
    return " | ".join([_escaped(line.title), *kind, *said])


def _escaped(title: str) -> str:
    plain = title.replace("\\", "\\\\").replace("|", "\\|")
    return plain.replace("\r", "\\r").replace("\n", "\\n")


def read_lines(cell: str) -> list[Line]:
    """Raises PartIsUnknown. What the lines hold is for the diary's services to judge."""
    return [_read(text) for text in _BREAKS.split(cell) if text.strip()]


def _read(text: str) -> Line:
    title, *parts = (part.strip() for part in _split(text))
    found: dict[str, Any] = {}
    for part in filter(None, parts):
        name, value = _part(part)
        if name in found:
            raise PartIsUnknown(part)
        found[name] = value
    return Line(title, **found)


def _part(part: str) -> tuple[str, str | int]:
    if part.casefold() == EXERCISE:
        return "kind", ItemKind.EXERCISE.value
    matched = _PART.fullmatch(part)
    if matched is None:
        raise PartIsUnknown(part)
    return UNITS[matched[2].lower()], int(matched[1])


def _split(text: str) -> list[str]:
    """At each bar that is not the title's own; the title's signs as they were."""
    parts, escaped = [""], False
    for char in text:
        if escaped:
            parts[-1] += {"n": "\n", "r": "\r"}.get(char, char)
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "|":
            parts.append("")
        else:
            parts[-1] += char
    return parts
