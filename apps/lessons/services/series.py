"""Lessons that come back every week or two: planned at once, each on the same time of the wall."""

from collections.abc import Iterable, Iterator
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

    The same ``key`` twice plans once; what a longer row has more is planned then. Raises LessonOverlaps (the
    first), DayIsTooFar, KeyIsTaken, GoneMeanwhile, CollectionIsOff.
    """
    hold_for_planning(teaching, by)
    walls = dict(_numbered(key, repeat.walls(content.wall)))
    saved = _saved(key, by)
    said = content.columns(begin_of(content.wall, by.time_zone, now)) | {"teaching_id": teaching.pk}
    known = set(Lesson.objects.filter(pk__in=walls).values_list("pk", flat=True))
    if saved and (not saved[0].says(said) or {row.pk for row in saved} - known):
        raise KeyIsTaken
    if known and not saved:
        raise KeyIsTaken
    found, left_out = list(saved), []
    for own, wall in walls.items():
        if own in known:
            continue
        begins = begin_of(wall, by.time_zone, now)
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


def _numbered(key: UUID, walls: Iterable[datetime]) -> Iterator[tuple[UUID, datetime]]:
    """Each with a key of its own, the same whenever it is asked for."""
    for number, wall in enumerate(walls):
        yield uuid5(key, str(number)) if number else key, wall


def _saved(key: UUID, by: User) -> list[Lesson]:
    return list(Lesson.objects.kept().filter(series=key, teacher=by).order_by("starts_at", "pk"))
