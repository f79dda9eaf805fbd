"""Lessons as their teacher plans them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.utils import timezone

from apps.lessons import services
from apps.lessons.content import LessonContent, NotesContent
from apps.lessons.models import Lesson
from apps.private_teaching.models import Teaching


def wall_of(at: datetime, time_zone: str) -> datetime:
    """What the clocks there show then."""
    return at.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)


def make_lesson(
    teaching: Teaching,
    at: datetime | None = None,
    *,
    minutes: int = 30,
    now: datetime | None = None,
    **content: Any,
) -> Lesson:
    """In two days at this hour, or at another moment."""
    now = now or timezone.now()
    at = at or (now + timedelta(days=2)).replace(second=0, microsecond=0)
    teacher = teaching.teacher
    return services.plan_lesson(
        key=uuid4(),
        teaching=teaching,
        by=teacher,
        content=LessonContent(wall=wall_of(at, teacher.time_zone), minutes=minutes, **content),
        now=now,
    )


def write_notes(lesson: Lesson, **content: Any) -> None:
    services.write_notes(
        lesson=lesson, by=lesson.teacher, content=NotesContent(**content), version=None, now=timezone.now()
    )


def place_lesson(teaching: Teaching, at: datetime, *, minutes: int = 30, **fields: Any) -> Lesson:
    """A row as it may stand there from another time: of lessons that have ended since, say."""
    return Lesson.objects.create(
        teaching=teaching,
        teacher=teaching.teacher,
        added_by=teaching.teacher,
        starts_at=at,
        ends_at=at + timedelta(minutes=minutes),
        time_zone="UTC",
        created_at=at,
        **fields,
    )
