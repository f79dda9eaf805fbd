"""From what is kept of a row to what the diary saves, and what two of them are compared by."""

import json
from collections.abc import Mapping
from datetime import date, time
from hashlib import sha256
from typing import Any

from apps.practice.content import EntryContent, Line
from apps.practice.models import FocusArea, PracticeEntry
from apps.practice.models.areas import FOCUS_AREA_NAMES, LONGEST_AREA
from apps.practice.models.entries import RATINGS, TEXTS
from apps.practice.queries import Things
from apps.private_teaching.models import Teaching
from apps.repertoire.names import folded

from .records import area_words

Data = Mapping[str, Any]


def content_of(
    data: Data,
    *,
    areas: Mapping[str, FocusArea],
    things: Things | None = None,
    teachings: Mapping[str, Teaching] | None = None,
) -> EntryContent:
    """``areas`` by key and by name. A teaching that is not there leaves the session to the family."""
    lines = [Line(**line) for line in data["lines"]]
    audience = data["audience"]
    teaching = (teachings or {}).get(audience)
    named = [*data["areas"], *data["own_areas"]]
    return EntryContent(
        practised_on=date.fromisoformat(data["date"]),
        minutes=data["minutes"],
        lines=things.attached(lines) if things else lines,
        focus_areas=list({areas[name].pk: areas[name] for name in named if name in areas}.values()),
        started_at_time=time.fromisoformat(data["started_at"]) if data["started_at"] else None,
        preparing_for_exam=data["exam"],
        preparing_for_performance=data["performance"],
        is_private=bool(audience) and teaching is None,
        addressed_to=teaching,
        **{name: data[name] for name in (*TEXTS, *RATINGS)},
    )


def fingerprint_of(data: Data) -> str:
    """The same for the same session, however its file was saved meanwhile. Who may read it, its zone, and
    whether a line is a piece or an exercise (which follows from the student's lists) do not count."""
    lines = [[line["title"], line["minutes"], line["tempo"], line["repetitions"]] for line in data["lines"]]
    areas = sorted([*data["areas"], *(folded(name, LONGEST_AREA) for name in data["own_areas"])])
    said = [
        data["date"],
        data["minutes"],
        data["started_at"],
        lines,
        areas,
        *("\n".join(data[name].splitlines()) for name in TEXTS),
        *(data[name] for name in ("exam", "performance", *RATINGS)),
    ]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:32]


def data_of(entry: PracticeEntry) -> dict[str, Any]:
    """Of a saved entry, with its lines and areas as lists have them."""
    words = area_words(entry)
    at = entry.started_at_time
    return {
        "date": entry.practised_on.isoformat(),
        "minutes": entry.minutes,
        "started_at": at.isoformat() if at else "",
        "lines": [
            {name: getattr(line, name) for name in ("title", "minutes", "tempo", "repetitions")}
            for line in entry.shown_lines
        ],
        "areas": sorted(word for word in words if word in FOCUS_AREA_NAMES),
        "own_areas": [word for word in words if word not in FOCUS_AREA_NAMES],
        "exam": entry.preparing_for_exam,
        "performance": entry.preparing_for_performance,
        **{name: getattr(entry, name) for name in (*TEXTS, *RATINGS)},
    }
