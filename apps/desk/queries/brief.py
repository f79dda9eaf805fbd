"""One pupil on one screen, before their lesson: what happened since the last one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from apps.accounts.models import Student, User
from apps.accounts.prepared import ForReader
from apps.assignments.queries import AssignmentNow, assignments_of
from apps.core.access import allowed
from apps.core.days import calendar_day
from apps.lessons.models import Attendance, Lesson, OwnNote
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.models.entries import ShownLine
from apps.practice.queries import newest_first, with_details

from .pupils import Pupil, pupil_since

# Without a lesson to count from, so many days.
USUAL_SPAN = timedelta(days=14)
# A lesson is at hand from so long before it begins, until so long after.
BEFORE, BEHIND = timedelta(hours=36), timedelta(hours=24)
NOW = timedelta(0)
# As many as two a day until the end of what is looked at, and some that took place.
MOST_LESSONS = 60
MOST_ENTRIES = 60
MOST_WORDS = 8
MOST_LINES = 12


@dataclass
class Practised:
    """One thing that was practised: in how many sessions, for how long as far as it was said, how fast."""

    title: str
    sessions: int = 0
    minutes: int = 0
    tempo: int = 0


@dataclass(frozen=True, kw_only=True)
class Brief:
    """``last`` is the lesson since which everything is counted, ``lesson`` the one at hand or next."""

    pupil: Pupil
    since: date
    last: Lesson | None
    lesson: Lesson | None
    sessions: int
    minutes: int
    days: int
    practised: list[Practised]
    hard: list[PracticeEntry]
    well: list[PracticeEntry]
    said: list[EntryComment]
    assignments: list[AssignmentNow]

    @property
    def last_own_note(self) -> str:
        return _own_note_of(self.last)

    @property
    def own_note(self) -> str:
        return _own_note_of(self.lesson)

    @property
    def usual_minutes(self) -> int | None:
        """What the pupil usually practises in as many days: the mean of the weeks that the desk looks at."""
        weeks = self.pupil.weeks
        span = max((self.pupil.today - self.since).days, 1)
        return round(sum(week.minutes for week in weeks) / len(weeks) / 7 * span) if weeks else None


def brief_of(user: User, student: Student, *, now: datetime) -> Brief | None:
    """None for who is no pupil of today. Six queries."""
    lesson, last = _around(list(_lessons(user, student=student.pk, until=now + USUAL_SPAN)), now)
    moment = last.starts_at if last else now - USUAL_SPAN
    since = calendar_day(moment, student.time_zone)
    found = pupil_since(user, student, since=since, now=now)
    if found is None:
        return None
    pupil, days = found
    entries = _entries(user, student=student.pk, since=since)
    assignments = assignments_of(user, student, None, now=now)
    return Brief(
        pupil=pupil,
        since=since,
        last=last,
        lesson=lesson,
        sessions=sum(sessions for _student, _day, _minutes, sessions in days),
        minutes=sum(minutes for _student, _day, minutes, _sessions in days),
        days=len({day for _student, day, _minutes, _sessions in days}),
        practised=_practised(entries),
        hard=[entry for entry in entries if entry.struggles][:MOST_WORDS],
        well=[entry for entry in entries if entry.achievements][:MOST_WORDS],
        said=_said(user, student=student.pk, since=moment.astimezone(UTC)),
        assignments=[each for each in assignments.found if _concerns(each, since)],
    )


def _own_note_of(lesson: Lesson | None) -> str:
    return vars(lesson)["own_words"] or "" if lesson else ""


def _around(lessons: list[Lesson], now: datetime) -> tuple[Lesson | None, Lesson | None]:
    """The nearest lesson at hand, one that runs before all others, else the next one; and the last one before
    it that took place."""
    rows = sorted(lessons, key=lambda each: each.starts_at)
    at_hand = [each for each in rows if each.starts_at - BEFORE <= now <= each.ends_at + BEHIND]
    to_come = [each for each in rows if each.starts_at > now]
    nearest = min(at_hand, key=lambda each: max(each.starts_at - now, now - each.ends_at, NOW), default=None)
    lesson = nearest or (to_come[0] if to_come else None)
    edge = lesson.starts_at if lesson else now
    took_place = [
        each for each in rows if each.starts_at < min(edge, now) and each.attendance not in NOT_THERE
    ]
    return lesson, took_place[-1] if took_place else None


NOT_THERE = (Attendance.EXCUSED, Attendance.MISSED, Attendance.TEACHER_AWAY)


def _build_lessons(teacher: User, student: UUID, until: datetime) -> QuerySet[Lesson]:
    rows = Lesson.objects.standing().filter(teaching__student=student, starts_at__lt=until)
    own = allowed(OwnNote.objects.filter(lesson=OuterRef("pk")), "view", teacher)
    mine = allowed(rows.select_related("teaching"), "change", teacher)
    return mine.annotate(own_words=Subquery(own.values("body"))).order_by("-starts_at", "-pk")[:MOST_LESSONS]


_lessons = ForReader(_build_lessons, student=UUID, until=datetime)


def _build_entries(reader: User, student: UUID, since: date) -> QuerySet[PracticeEntry]:
    rows = PracticeEntry.objects.filter(student=student, practised_on__gte=since)
    return newest_first(with_details(allowed(rows, "view", reader), reader))[:MOST_ENTRIES]


_entries = ForReader(_build_entries, student=UUID, since=date)


def _practised(entries: Iterable[PracticeEntry]) -> list[Practised]:
    """What was practised in most sessions, first."""
    found: dict[str, Practised] = {}
    for entry in entries:
        once: dict[str, list[ShownLine]] = {}
        for line in entry.shown_lines:
            once.setdefault(line.title.casefold(), []).append(line)
        for key, lines in once.items():
            row = found.setdefault(key, Practised(lines[0].title))
            row.sessions += 1
            row.minutes += sum(line.minutes or 0 for line in lines)
            row.tempo = max(row.tempo, *(line.tempo or 0 for line in lines))
    return sorted(found.values(), key=lambda row: (-row.sessions, -row.minutes))[:MOST_LINES]


def _build_said(reader: User, student: UUID, since: datetime) -> QuerySet[EntryComment]:
    rows = EntryComment.objects.filter(entry__student=student, created_at__gte=since).exclude(author=reader)
    seen = allowed(rows, "view", reader).select_related("author", "entry")
    return seen.order_by("-created_at", "-pk")[:MOST_WORDS]


_said = ForReader(_build_said, student=UUID, since=datetime)


def _concerns(each: AssignmentNow, since: date) -> bool:
    """Open, or worked on since then."""
    return not each.is_over or any(said.done_on >= since for step in each.steps for said in step.said)
