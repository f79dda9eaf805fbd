"""What a column of somebody's file can mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from apps.repertoire.names import folded

from .columns import COLUMNS, LABELS, in_every_language
from .values.durations import Unit

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST_HEADING = 100


@dataclass(frozen=True, slots=True)
class Field:
    """``called``: words that people put above such a column, beside our own, without case and accents."""

    key: str
    label: "_StrPromise | str"
    called: str = ""


_CALLED = {
    "date": "day|practice date|practiced on|practised on|session date|when|datum|tag|wann|ubungstag",
    "started_at": "start|start time|time|time of day|begin|began|started|uhrzeit|beginn|zeit|startzeit|von",
    "minutes": "duration|minutes practiced|minutes practised|length|time practiced|time practised|total time"
    "|practice time|min|mins|hours|dauer|lange|stunden|ubungszeit|ubezeit|zeit in minuten",
    "description": "description|summary|what|what i practiced|activity|beschreibung|was|inhalt",
    "struggles": "struggles|problems|difficulties|schwierigkeiten|probleme",
    "achievements": "achievements|successes|wins|progress|erfolge|fortschritte",
    "notes": "note|comment|comments|remarks|journal|notiz|bemerkung|bemerkungen|kommentar|anmerkungen",
    "focus": "focus|focus area|focus areas|category|tag|tags|kategorie|schwerpunkt|thema",
    "enjoyment": "fun|joy|rating|stars|spass|freude|bewertung",
    "exam": "exam|prufung",
    "performance": "performance|concert|recital|auftritt|konzert|vorspiel",
    "audience": "private|privat|visibility",
    "lines": "items|lines|stucke|ubungen",
    "time_zone": "timezone|zone|zeitzone",
}
_OWN = tuple(Field(column.key, column.label, _CALLED.get(column.key, "")) for column in COLUMNS)
_OTHERS = (
    Field("piece", _("Piece"), "song|title|item|repertoire|work|stuck|titel|lied|werk|assignment|aufgabe"),
    Field("composer", _("Composer"), "artist|author|by|komponist|komponistin|autor|interpret"),
    Field("skill", _("Exercise or skill"), "exercise|technique|skill|scale|ubung|technik|tonleiter|etude"),
    Field("tempo", _("Tempo reached"), "tempo|bpm|metronome|speed|metronom"),
    Field("repetitions", _("Repetitions"), "reps|times|repetition|wiederholungen|wiederholung"),
    Field("student", _("Student"), "name|student name|pupil|child|schuler|schulerin|kind"),
)
FIELDS = (*_OWN, *_OTHERS)
KEYS = frozenset(field.key for field in FIELDS)
REQUIRED = ("date", "minutes")
# What stands behind the name of a column of lengths.
_UNITS = {
    Unit.SECONDS: ("sec", "sekunde", "(s)", "[s]"),
    Unit.HOURS: ("hour", "stunde", "(h)", "[h]", "hrs", "std"),
    Unit.MINUTES: ("min",),
}


def heading_key(heading: str) -> str:
    """Headings are compared by it; what stands in brackets behind is a unit or a remark."""
    plain = heading.partition("(")[0].partition("[")[0] or heading
    return folded(plain.replace("_", " "), LONGEST_HEADING)


@cache
def _known() -> Mapping[str, str]:
    """Every heading that is known, with the field it means; our own win."""
    found: dict[str, str] = {}
    for field in FIELDS:
        for name in in_every_language(LABELS.get(field.key, field.label)):
            found.setdefault(heading_key(name), field.key)
    for field in FIELDS:
        for name in filter(None, [field.key.replace("_", " "), *field.called.split("|")]):
            found.setdefault(heading_key(name), field.key)
    return found


def guess(headings: Sequence[str], known: Mapping[str, str] | None = None) -> dict[str, int]:
    """The column of each field that a heading tells; the first one of several. ``known`` goes first."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        key = heading_key(heading)
        field = (known or {}).get(key) or _known().get(key)
        if field is not None:
            found.setdefault(field, place)
    return found


def guess_unit(heading: str) -> Unit:
    said = heading.casefold()
    return next((unit for unit, words in _UNITS.items() if any(word in said for word in words)), Unit.MINUTES)


def is_own(headings: Sequence[str]) -> bool:
    """Whether an export of Woodshed has these, in whatever language."""
    found = guess(headings)
    return all(column.key in found for column in COLUMNS) and len(headings) == len(COLUMNS)
