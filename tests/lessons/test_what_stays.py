"""What a change of lessons leaves alone: what was, what is noted, and whose clocks it was planned by."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from apps.lessons import services
from apps.lessons.content import LessonContent, Repeat
from apps.lessons.models import Attendance, Lesson
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.lessons import place_lesson
from tests.factories.private_teaching import make_teaching

NOW = datetime(2027, 3, 10, tzinfo=UTC)


def test_a_lesson_that_took_place_is_not_called_off_for_one_that_is_noted_later(cast: Cast) -> None:
    """Of lessons that ended only what was still to come gives its time away."""
    begin = timezone.now().replace(microsecond=0) - timedelta(days=2)
    over = place_lesson(cast.teaching, begin)
    Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=begin + timedelta(days=1))
    other = make_teaching(cast.user("teacher"), cast.student, "Flute")
    teacher = cast.user("teacher")
    wall = begin.astimezone(ZoneInfo(teacher.time_zone)).replace(tzinfo=None)
    with pytest.raises(services.LessonOverlaps):
        services.plan_lesson(
            key=uuid4(),
            teaching=other,
            by=teacher,
            content=LessonContent(wall=wall, minutes=30),
            now=timezone.now(),
        )
    over.refresh_from_db()
    assert over.cancelled_at is None


def test_moved_abroad_it_is_on_the_clocks_there(cast: Cast) -> None:
    teacher = cast.user("teacher")
    content = LessonContent(wall=datetime(2027, 3, 18, 15, 30), minutes=30)
    lesson = services.plan_lesson(key=uuid4(), teaching=cast.teaching, by=teacher, content=content, now=NOW)
    teacher.time_zone = "America/New_York"
    teacher.save(update_fields=["time_zone"])
    services.change_lesson(
        lesson=lesson,
        by=teacher,
        content=LessonContent(wall=datetime(2027, 3, 19, 9), minutes=30),
        reason="",
        version=None,
        now=NOW,
    )
    lesson.refresh_from_db()
    assert lesson.time_zone == "America/New_York"
    assert lesson.wall == datetime(2027, 3, 19, 9)


def test_of_those_that_follow_the_one_whose_attendance_is_noted_stays(cast: Cast) -> None:
    rows = services.plan_series(
        key=uuid4(),
        teaching=cast.teaching,
        by=cast.teaching.teacher,
        content=LessonContent(wall=datetime(2027, 3, 18, 15, 30), minutes=30),
        repeat=Repeat(weeks=1, until=date(2027, 4, 8)),
        now=NOW,
    ).lessons
    Lesson.objects.filter(pk=rows[2].pk).update(attendance=Attendance.EXCUSED)
    services.cancel_lesson(lesson=rows[0], by=rows[0].teacher, reason="", now=NOW, following=True)
    left = Lesson.objects.filter(cancelled_at=None)
    assert [row.pk for row in left] == [rows[2].pk]
