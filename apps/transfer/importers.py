"""Styles of files that other programs write, behind one interface.

An ``Importer`` says by which headings its files are known, what their columns mean, and what goes without
saying in them; everything behind that is the same for all. Another one is another row of ``IMPORTERS``.
docs/imports.md shows each format. They were written down from what is publicly said about these programs, and
not held against files of theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .fields import guess, guess_unit, heading_key, is_own
from .values.days import Order
from .values.durations import Unit

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Importer:
    """``known_by``: headings that all files of the style have and others have not together. ``columns``: what
    headings mean that elsewhere mean something else, or nothing. ``unit`` of lengths and ``order`` of days
    where the style has one. ``doubles``: rows that say the same are sessions of their own."""

    key: str
    name: "_StrPromise | str"
    known_by: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict)
    unit: Unit | None = None
    order: Order | None = None
    doubles: bool = False

    def knows(self, headings: Sequence[str]) -> bool:
        return bool(self.known_by) and self.known_by <= set(map(heading_key, headings))

    def mapping(self, headings: Sequence[str]) -> dict[str, int]:
        return guess(headings, self.columns)

    def unit_of(self, headings: Sequence[str]) -> Unit:
        if self.unit is not None:
            return self.unit
        place = self.mapping(headings).get("minutes")
        return Unit.MINUTES if place is None else guess_unit(headings[place])


class Own(Importer):
    """What Woodshed exports itself."""

    def knows(self, headings: Sequence[str]) -> bool:
        return is_own(headings)


OWN = "woodshed"
TABLE = Importer("table", _("Any table"))
IMPORTERS = (
    Own(OWN, "Woodshed", doubles=True),
    Importer(
        "modacity",
        _("Modacity (style of its export)"),
        known_by=frozenset({"practice item", "practice list", "date"}),
        columns={"practice item": "piece", "practice list": "focus", "rating": "enjoyment", "bpm": "tempo"},
        unit=Unit.SECONDS,
    ),
    Importer(
        "tonara",
        _("Tonara (style of its export)"),
        known_by=frozenset({"assignment", "practice time", "points"}),
        columns={"assignment": "piece", "practice time": "minutes", "student feedback": "notes"},
    ),
    Importer(
        "my-music-staff",
        _("My Music Staff (style of its practice log)"),
        known_by=frozenset({"student", "practice date", "duration"}),
        columns={"practice date": "date", "assignment": "piece", "comments": "notes"},
    ),
    TABLE,
)
BY_KEY = {importer.key: importer for importer in IMPORTERS}


def importer_for(headings: Sequence[str]) -> Importer:
    return next((importer for importer in IMPORTERS if importer.knows(headings)), TABLE)
