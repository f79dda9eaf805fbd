"""What can be sent about lessons; a part of the table in ``posts``."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from apps.lessons import services
from apps.lessons.content import LessonContent, Repeat
from apps.lessons.forms import CancelForm, LessonAddForm, LessonEditForm, NotesForm
from apps.lessons.models import Lesson
from apps.safeguarding.forms import ReportForm
from tests.conftest import Cast
from tests.factories.lessons import make_lesson, wall_of, write_notes

from .scenes import KEY

Sent = dict[str, Any]


def plan(cast: Cast) -> None:
    write_notes(make_lesson(cast.teaching), shared_note="Slowly")


def took_place(cast: Cast) -> None:
    make_lesson(cast.teaching, timezone.now() - timedelta(hours=2))


def lesson(cast: Cast) -> list[object]:
    return [first().pk]


def when(days: int) -> Sent:
    day = (timezone.now() + timedelta(days=days)).date()
    return {"day": day.isoformat(), "time": "15:30", "minutes": "45", "place": "Room 3", "link": ""}


def weekly() -> Sent:
    return {"weeks": "1", "until": (timezone.now() + timedelta(days=20)).date().isoformat()}


def plan_row(cast: Cast) -> None:
    now = timezone.now()
    day = now.replace(hour=9, minute=0, second=0, microsecond=0)
    services.plan_series(
        key=uuid4(),
        teaching=cast.teaching,
        by=cast.user("teacher"),
        content=LessonContent(wall=wall_of(day + timedelta(days=2), "UTC"), minutes=30),
        repeat=Repeat(weeks=1, until=(day + timedelta(days=10)).date()),
        now=now,
    )


LESSONS: list[dict[str, Any]] = [
    {
        "route": "lessons:lesson-add",
        "who": "teacher",
        "fields": lambda cast: {"key": KEY, "teaching": str(cast.teaching.pk), **when(5), **weekly()},
        "forms": (LessonAddForm,),
    },
    {
        "route": "lessons:lesson-edit",
        "who": "teacher",
        "prepare": plan_row,
        "arguments": lesson,
        "fields": lambda cast: {**when(6), "version": version(), "reason": "A concert", "following": "on"},
        "forms": (LessonEditForm,),
    },
    {
        "route": "lessons:lesson-cancel",
        "who": "teacher",
        "prepare": plan_row,
        "arguments": lesson,
        "fields": lambda cast: {"reason": "I am ill", "following": "on"},
        "forms": (CancelForm,),
    },
    {
        "route": "lessons:lesson-notes",
        "who": "teacher",
        "prepare": plan,
        "arguments": lesson,
        "fields": lambda cast: {
            "version": version(),
            "attendance": "excused",
            "shared_note": "Bars 9 to 16",
            "own_note": "Ask about the strings",
        },
        "forms": (NotesForm,),
    },
    {
        "route": "lessons:lesson-attendance",
        "who": "teacher",
        "prepare": took_place,
        "arguments": lesson,
        "fields": lambda cast: {"attendance": "late", "next": reverse("lessons:week")},
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


def first() -> Lesson:
    return Lesson.objects.order_by("starts_at")[0]


def version() -> str:
    return first().version
