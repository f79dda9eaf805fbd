"""Lessons of the sweep's world: to come, over, called off, deleted; of lessons that pause and that ended."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from apps.lessons.models import ChangeKind, LessonChange, OwnNote
from apps.private_teaching.models import Teaching
from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.lessons import place_lesson

DAY = timedelta(days=1)


def lessons_of(cast: Cast, teachings: Mapping[str, Teaching], now: datetime) -> dict[str, str]:
    """Each with words of its own: the place, what the family reads, and what is the teacher's alone."""
    begins = now.replace(microsecond=0)
    wanted: dict[str, tuple[str, datetime, dict[str, Any]]] = {
        "next": ("first", begins + DAY, {}),
        "past": ("first", begins - DAY, {"attendance": "present"}),
        "cancelled": ("first", begins + 2 * DAY, {"cancelled_at": now}),
        "gone": ("first", begins + 3 * DAY, {"deleted_at": now}),
        "paused": ("paused", begins + 4 * DAY, {}),
        "ended": ("ended", begins - 400 * DAY, {}),
        "foreign": ("foreign", begins + DAY, {}),
    }
    found = {}
    for name, (whose, at, fields) in wanted.items():
        teaching = teachings[whose]
        words: dict[str, Any] = {"place": f"Room Qz{name}place", "shared_note": f"Slowly Qz{name}shared"}
        lesson = place_lesson(teaching, at, **words, **fields)
        OwnNote.objects.create(
            lesson=lesson, author=teaching.teacher, body=f"Tired Qz{name}own", changed_at=now
        )
        LessonChange.objects.create(
            lesson=lesson,
            kind=ChangeKind.MOVED,
            was_at=at - DAY,
            was_minutes=30,
            reason=f"A trip Qz{name}reason",
            changed_by=teaching.teacher,
            changed_at=now,
        )
        for word in ("place", "shared", "reason"):
            cast.canaries.plant(f"{word} of the {name} lesson", f"Qz{name}{word}", tap.lesson_readers(lesson))
        cast.canaries.plant(f"own note of the {name} lesson", f"Qz{name}own", tap.own_note_readers(lesson))
        found[name] = str(lesson.pk)
    return found
