"""The lessons of the demo: a slot in the week for each pupil, and what was noted, through the services."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from apps.core.days import calendar_day, week_start
from apps.lessons.content import LessonContent, NotesContent
from apps.lessons.models import Attendance, Lesson
from apps.lessons.services import cancel_lesson, plan_lesson, write_notes
from apps.private_teaching.models import Teaching

WEEKS = range(-3, 3)
# Lessons begin in the afternoon, on the first five days of the week; so many on one day.
FIRST_HOUR, PER_DAY = 14, 8
MINUTES, PLACE = 30, "Room 2"
NOTES = (
    "Began with the slow scale, both hands. For next week: bars 9 to 16 without the pedal, very slowly.",
    "The new fingering sits. Sight-reading went well; count aloud in the second line.",
    "Played the whole piece through once. Next time we work at the end.",
)
OWN_NOTE = "Tired today, a test at school tomorrow. Keep it light next week."


def meet(teachings: Iterable[Teaching], *, now: datetime) -> None:
    """For each of these a lesson in every week; the past ones took place.

    One pupil's next ones are called off, afterwards by the clock, so that no mail leaves today.
    """
    slots: dict[UUID, int] = {}
    for teaching in teachings:
        if teaching.ended_at is None and teaching.student.collecting:
            slot = slots.get(teaching.teacher_id, 0)
            slots[teaching.teacher_id] = slot + 1
            _meet(teaching, slot, now=now)


def _meet(teaching: Teaching, slot: int, *, now: datetime) -> None:
    teacher = teaching.teacher
    monday = week_start(calendar_day(now, teacher.time_zone), 0)
    day, place = divmod(slot, PER_DAY)
    for number, week in enumerate(WEEKS):
        when = monday + timedelta(weeks=week, days=day)
        wall = datetime.combine(when, time(FIRST_HOUR)) + place * timedelta(minutes=MINUTES)
        lesson = plan_lesson(
            key=uuid5(NAMESPACE_URL, f"woodshed-demo/lesson/{teaching.pk}/{number}"),
            teaching=teaching,
            by=teacher,
            content=LessonContent(wall=wall, minutes=MINUTES, place=PLACE),
            now=now,
        )
        if lesson.ends_at < now:
            _note(lesson, number, now=now)
        elif slot == 2:
            cancel_lesson(lesson=lesson, by=teacher, reason="", now=lesson.ends_at)


def _note(lesson: Lesson, number: int, *, now: datetime) -> None:
    content = NotesContent(
        attendance=Attendance.LATE if number == 1 else Attendance.PRESENT,
        shared_note=NOTES[number % len(NOTES)],
        own_note=OWN_NOTE if number == 2 else "",
    )
    write_notes(lesson=lesson, by=lesson.teacher, content=content, version=None, now=now)
