"""A document for other programs, piece by piece."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from django.core.serializers.json import DjangoJSONEncoder

from apps.practice.models import PracticeEntry
from apps.practice.models.entries import RATINGS
from apps.transfer.records import area_words, teaching_label, wall_time

FORMAT, VERSION = "woodshed-diary", 1


def json_pieces(head: Mapping[str, object], batches: Iterable[Sequence[PracticeEntry]]) -> Iterator[bytes]:
    """``head`` says what the document is about."""
    yield f'{_dumped({"format": FORMAT, "version": VERSION, **head})[:-1]}, "entries": ['.encode()
    between = "\n"
    for batch in batches:
        pieces = []
        for entry in batch:
            pieces.append(between + _dumped(document_of(entry)))
            between = ",\n"
        yield "".join(pieces).encode()
    yield b"\n]}\n"


def _dumped(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def document_of(entry: PracticeEntry) -> dict[str, object]:
    """Days, times and durations as ISO 8601 says them; a day is one of ``time_zone``."""
    to = entry.addressed_to
    return {
        "date": entry.practised_on,
        "started_at": wall_time(entry.started_at_time) or None,
        "time_zone": entry.time_zone,
        "minutes": entry.minutes,
        "duration": duration_of(entry.minutes),
        "lines": [asdict(line) for line in entry.shown_lines],
        "description": entry.description,
        "struggles": entry.struggles,
        "achievements": entry.achievements,
        "notes": entry.notes,
        "focus_areas": area_words(entry),
        "for_exam": entry.preparing_for_exam,
        "for_performance": entry.preparing_for_performance,
        **{name: getattr(entry, name) for name in RATINGS},
        "audience": "private" if entry.is_private else "teacher" if to else "shared",
        "only_for": teaching_label(to) if to else None,
    }


def duration_of(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")
