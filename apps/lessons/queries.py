"""What the pages of lessons show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject, Now
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.prepared import ForReader
from apps.core.access import allowed
from apps.core.days import LAST_DAY, calendar_day, week_start
from apps.core.pages import Page, keyset_page
from apps.core.weeks import DAYS_PER_WEEK
from apps.private_teaching.models import Teaching

from .models import Lesson, LessonChange, OwnNote
from .times import moment_of

PAGE = 20
# Of what is to come, the nearest.
MOST_TO_COME = 20


@dataclass(frozen=True)
class WeekDay:
    day: date
    is_today: bool
    lessons: list[Lesson]


@dataclass(frozen=True)
class Week:
    """Seven days of a teacher, on their own clocks."""

    days: list[WeekDay]

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day

    @property
    def before(self) -> date:
        return self.first - timedelta(days=DAYS_PER_WEEK)

    @property
    def behind(self) -> date:
        return self.first + timedelta(days=DAYS_PER_WEEK)

    @property
    def is_this_week(self) -> bool:
        return any(each.is_today for each in self.days)

    @property
    def total(self) -> int:
        """Lessons that are not called off."""
        return sum(1 for each in self.days for lesson in each.lessons if lesson.cancelled_at is None)

    @property
    def is_empty(self) -> bool:
        return not any(each.lessons for each in self.days)


def week_of(teacher: User, day: date | None, *, now: datetime) -> Week:
    """The week that holds the day, or the running one; in one query."""
    today = calendar_day(now, teacher.time_zone)
    first = week_start(min(day or today, LAST_DAY - timedelta(days=DAYS_PER_WEEK)), teacher.week_starts_on)
    days = [first + timedelta(days=number) for number in range(DAYS_PER_WEEK)]
    begins, ends = (_midnight(each, teacher) for each in (first, first + timedelta(days=DAYS_PER_WEEK)))
    found: dict[date, list[Lesson]] = {each: [] for each in days}
    for lesson in _of_teacher(teacher, begins=begins, ends=ends):
        found[calendar_day(lesson.starts_at, teacher.time_zone)].append(lesson)
    return Week([WeekDay(each, each == today, lessons) for each, lessons in found.items()])


def _midnight(day: date, teacher: User) -> datetime:
    return moment_of(datetime.combine(day, datetime.min.time()), teacher.time_zone).at


def _build_of_teacher(teacher: User, begins: datetime, ends: datetime) -> "QuerySet[Lesson]":
    rows = Lesson.objects.filter(teacher=teacher, starts_at__gte=begins, starts_at__lt=ends)
    seen = allowed(rows, "change", teacher).select_related("teaching__student")
    return seen.order_by("starts_at", "pk")


_of_teacher = ForReader(_build_of_teacher, begins=datetime, ends=datetime)


@dataclass(frozen=True)
class StudentLessons:
    """``to_come`` stands on the first page alone."""

    to_come: list[Lesson]
    past: Page[Lesson]

    @property
    def newer_url(self) -> str | None:
        return f"?page={self.past.newer}" if self.past.newer else None

    @property
    def older_url(self) -> str | None:
        return f"?page={self.past.older}" if self.past.older else None


def lessons_of(reader: User, student: Student, cursor: str | None, *, now: datetime) -> StudentLessons:
    """What is to come, the nearest first, and what was, the newest first."""
    rows = Lesson.objects.filter(teaching__student=student).select_related("teaching", "teacher")
    seen = allowed(rows, "view", reader)
    past = keyset_page(seen.filter(ends_at__lte=now), fields=("starts_at", "id"), cursor=cursor, size=PAGE)
    to_come: list[Lesson] = []
    if past.newer is None:
        to_come = list(seen.filter(ends_at__gt=now).order_by("starts_at", "pk")[:MOST_TO_COME])
    return StudentLessons(to_come, past)


@dataclass(frozen=True, slots=True)
class NextLesson:
    """As much of a lesson as the first pages say."""

    pk: UUID
    starts_at: datetime
    instrument: str
    place: str


def next_lesson() -> ArraySubquery:
    """A column of a student, for the family: the lesson that runs or comes next, for ``next_in``."""
    lasting = Teaching.objects.current().values("pk")
    mine = Lesson.objects.standing().filter(teaching__student=OuterRef("pk"), teaching__in=lasting)
    rows = mine.filter(ends_at__gt=Now())
    said = {"id": "pk", "starts_at": "starts_at", "instrument": "teaching__instrument", "place": "place"}
    return ArraySubquery(rows.order_by("starts_at", "pk").values(data=JSONObject(**said))[:1])


def next_in(found: Iterable[Mapping[str, Any]]) -> NextLesson | None:
    """From ``next_lesson``."""
    for row in found:
        begins = datetime.fromisoformat(row["starts_at"])
        return NextLesson(UUID(row["id"]), begins, row["instrument"], row["place"])
    return None


def history_of(lesson: Lesson) -> list[LessonChange]:
    return list(lesson.changes.select_related("changed_by").order_by("-changed_at", "-pk"))


def own_note_of(reader: User, lesson: Lesson) -> str:
    rows = OwnNote.objects.filter(lesson=lesson)
    found = allowed(rows, "view", reader).first()
    return found.body if found else ""


def last_note_before(reader: User, lesson: Lesson) -> str:
    """What the family was told the last time in the same lessons; empty when there was nothing."""
    rows = Lesson.objects.filter(teaching=lesson.teaching_id, starts_at__lt=lesson.starts_at)
    noted = allowed(rows.exclude(shared_note=""), "change", reader).order_by("-starts_at", "-pk")
    return noted.values_list("shared_note", flat=True).first() or ""


def other_clock(lesson: Lesson) -> datetime | None:
    """When it is for whoever planned it, where their clocks show another time than the reader's."""
    there = lesson.starts_at.astimezone(ZoneInfo(lesson.time_zone))
    here = timezone.localtime(lesson.starts_at)
    return there if there.replace(tzinfo=None) != here.replace(tzinfo=None) else None
