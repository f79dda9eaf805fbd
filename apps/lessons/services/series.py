"""Lessons that come back every week or two: planned at once, each on the same time of the wall."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from apps.accounts.models import User
from apps.lessons.content import LessonContent, Repeat
from apps.lessons.models import Lesson
from apps.private_teaching.models import Teaching
from apps.repertoire.services import KeyIsTaken

from .single import LessonOverlaps, begin_of, hold_for_planning, new_lesson, save


@dataclass(frozen=True)
class Planned:
    """``left_out`` are those that would have met another lesson."""

    lessons: list[Lesson]
    left_out: list[datetime]


@transaction.atomic
def plan_series(
    *, key: UUID, teaching: Teaching, by: User, content: LessonContent, repeat: Repeat, now: datetime
) -> Planned:
    """The first lesson must find room; of the others those are left out that meet another one.

    The same ``key`` twice plans once. Raises LessonOverlaps (the first), DayIsTooFar, KeyIsTaken,
    GoneMeanwhile, CollectionIsOff.
    """
    hold_for_planning(teaching, by)
    saved = list(Lesson.objects.kept().filter(series=key, teacher=by).order_by("starts_at", "pk"))
    said = content.columns(begin_of(content.wall, by.time_zone, now)) | {"teaching_id": teaching.pk}
    if saved and saved[0].says(said):
        return Planned(saved, [])
    if saved or Lesson.objects.filter(pk=key).exists():
        raise KeyIsTaken
    found: list[Lesson] = []
    left_out: list[datetime] = []
    for number, wall in enumerate(repeat.walls(content.wall)):
        begins = begin_of(wall, by.time_zone, now)
        own = uuid5(key, str(number)) if number else key
        lesson = new_lesson(own, teaching, by, now, series=key, **content.columns(begins))
        try:
            save(lesson, by, now, is_new=True)
        except LessonOverlaps:
            if not found:
                raise
            left_out.append(begins)
        else:
            found.append(lesson)
    return Planned(found, left_out)
