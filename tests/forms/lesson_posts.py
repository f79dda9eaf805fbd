"""What can be sent about lessons; a part of the table in ``posts``."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.lessons.forms import CancelForm, LessonAddForm, LessonEditForm, NotesForm
from apps.lessons.models import Lesson
from apps.safeguarding.forms import ReportForm
from tests.conftest import Cast
from tests.factories.lessons import make_lesson, write_notes

from .scenes import KEY

Sent = dict[str, Any]


def plan(cast: Cast) -> None:
    write_notes(make_lesson(cast.teaching), shared_note="Slowly")


def lesson(cast: Cast) -> list[object]:
    return [Lesson.objects.get().pk]


def when(days: int) -> Sent:
    day = (timezone.now() + timedelta(days=days)).date()
    return {"day": day.isoformat(), "time": "15:30", "minutes": "45", "place": "Room 3", "link": ""}


LESSONS: list[dict[str, Any]] = [
    {
        "route": "lessons:lesson-add",
        "who": "teacher",
        "fields": lambda cast: {"key": KEY, "teaching": str(cast.teaching.pk), **when(5)},
        "forms": (LessonAddForm,),
    },
    {
        "route": "lessons:lesson-edit",
        "who": "teacher",
        "prepare": plan,
        "arguments": lesson,
        "fields": lambda cast: {**when(6), "version": version(), "reason": "A concert"},
        "forms": (LessonEditForm,),
    },
    {
        "route": "lessons:lesson-cancel",
        "who": "teacher",
        "prepare": plan,
        "arguments": lesson,
        "fields": lambda cast: {"reason": "I am ill"},
        "forms": (CancelForm,),
    },
    {
        "route": "lessons:lesson-notes",
        "who": "teacher",
        "prepare": plan,
        "arguments": lesson,
        "fields": lambda cast: {
            "version": version(),
            "attendance": "late",
            "shared_note": "Bars 9 to 16",
            "own_note": "Ask about the strings",
        },
        "forms": (NotesForm,),
    },
    {
        "route": "lessons:lesson-report",
        "who": "student",
        "prepare": plan,
        "arguments": lesson,
        "fields": lambda cast: {"category": "other", "words": "I am worried."},
        "forms": (ReportForm,),
    },
]


def version() -> str:
    return Lesson.objects.get().version
