"""The student's first page: what did I do, what did my teacher say, what do I log now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import Student, User
from apps.assignments.challenge_queries import FamilysChallenge, asked_in, asked_of, on_first_page, parts_for
from apps.assignments.queries import DueOne, due_in, given_lately
from apps.core.checklists import Checklist, Step
from apps.core.days import week_start
from apps.core.prepared import Prepared
from apps.core.weeks import WeekDay, seven_days
from apps.ensembles.queries import News, news_in, places
from apps.gear.queries import Due, first_of, reminders
from apps.lessons.queries import NextLesson, next_in, next_lesson
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.models.entries import ShownLine
from apps.practice.queries import DayTotal, every_day, recent_entries
from apps.practice.queries.overviews import day_parts, latest_teacher_comments

WEEKS = 53
RECENT = 5
COMMENTS = 3
LINES = 4


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One row of the heatmap's table twin."""

    label: str
    minutes: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Practised days and minutes of the last seven days, today included."""

    days: int
    minutes: int
    sessions: int


@dataclass(frozen=True)
class StudentHome:
    student: Student
    today: date
    week: list[WeekDay]
    lately: Totals
    minutes_by_day: Mapping[date, int]
    months: list[MonthRow]
    year_summary: str
    entries: list[PracticeEntry]
    lines: list[ShownLine]
    comments: list[EntryComment]
    checklist: Checklist | None
    # Strings, a reed: one thing at most, until somebody says that they know.
    due: Due | None
    news: News
    next_lesson: NextLesson | None
    assignments: list[DueOne]
    challenges: list[FamilysChallenge]

    @property
    def new_words(self) -> int:
        """How many of the teachers' words this reader has not seen."""
        found: int = vars(self.comments[0])["new_words"] if self.comments else 0
        return found


def student_home(user: User, student: Student, *, now: datetime) -> StudentHome:
    """Everything that the page shows of one's own diary, in four queries beside the student's own row; one
    more while a challenge runs."""
    today = student.today(now)
    # The chart begins with a whole week, whichever day that is for the reader.
    first = week_start(today, user.week_starts_on) - timedelta(weeks=WEEKS - 1)
    days = every_day(day_parts(user, student, first=first, last=today), first=first, last=today)
    minutes = {day.day: day.minutes for day in days if day.minutes}
    entries = recent_entries(user, student, RECENT)
    (around,) = _around(student=student.pk)
    comments = latest_teacher_comments(user, student, COMMENTS)
    asked = asked_of(around["challenges"])
    return StudentHome(
        student=student,
        today=today,
        week=seven_days(today - timedelta(days=6), today=today, minutes=minutes),
        lately=_totals(days[-7:]),
        minutes_by_day=minutes,
        months=_months(days),
        year_summary=_summary(days),
        entries=entries,
        lines=_lines(entries),
        comments=comments,
        checklist=_checklist(user, student, practised_days=len(minutes), answered=bool(comments)),
        due=first_of(around["reminders"], today),
        news=news_in(around["places"], is_child=user.is_child),
        next_lesson=next_in(around["lessons"]),
        assignments=due_in(around["given"], today),
        challenges=on_first_page(asked, parts_for(asked), today),
    )


def _build_around(student: UUID) -> QuerySet[Any, Any]:
    """What stands beside the diary, for the family."""
    rows = Student.objects.filter(pk=student)
    beside = rows.annotate(
        reminders=reminders(),
        places=places(),
        lessons=next_lesson(),
        given=given_lately(),
        challenges=asked_in(),
    )
    return beside.values("reminders", "places", "lessons", "given", "challenges")


_around = Prepared(_build_around, student=UUID)


def _totals(days: Sequence[DayTotal]) -> Totals:
    return Totals(
        days=sum(1 for day in days if day.sessions),
        minutes=sum(day.minutes for day in days),
        sessions=sum(day.sessions for day in days),
    )


def _months(days: Sequence[DayTotal]) -> list[MonthRow]:
    """The newest month first; months without practice are left out."""
    found: dict[tuple[int, int], list[DayTotal]] = {}
    for day in days:
        if day.sessions:
            found.setdefault((day.day.year, day.day.month), []).append(day)
    rows = []
    for group in reversed(found.values()):
        total = _totals(group)
        rows.append(MonthRow(format_date(group[0].day, "F Y"), total.minutes, total.sessions))
    return rows


def _summary(days: Sequence[DayTotal]) -> str:
    """The sentence that says what the chart shows."""
    total = _totals(days)
    if not total.days:
        return _("Each square is a day. The first one that you practise gets its colour.")
    return ngettext(
        "You practised on %(count)d day of the last year.",
        "You practised on %(count)d days of the last year.",
        total.days,
    ) % {"count": total.days}


def _lines(entries: Sequence[PracticeEntry]) -> list[ShownLine]:
    """What was played lately, each title once: to log again with one tap."""
    found: dict[tuple[str, str], ShownLine] = {}
    for entry in entries:
        for line in entry.shown_lines:
            found.setdefault((line.kind, line.title.casefold()), line)
    return list(found.values())[:LINES]


def _checklist(user: User, student: Student, *, practised_days: int, answered: bool) -> Checklist | None:
    if user.checklist_hidden_at is not None:
        return None
    here = reverse("home:student")
    log = reverse("practice:entry-log", args=[student.pk])
    diary = reverse("practice:entry-list", args=[student.pk])
    found = Checklist(
        title=_("Your first steps"),
        hide_url=f"{reverse('home:checklist-hide')}?next={here}",
        steps=[
            Step(
                _("Log what you practised"),
                practised_days > 0,
                _("How long and what: two taps are enough."),
                log,
                _("Log now"),
            ),
            Step(
                _("Log on a second day"),
                practised_days > 1,
                _("Then you can look back: every day stays in your diary."),
                log if practised_days else "",
                _("Log now"),
            ),
            Step(
                _("Read what your teacher says"),
                answered,
                _("Their words stand here and under the entry, and you can answer."),
                diary if practised_days else "",
                _("Open the diary"),
            ),
        ],
    )
    return None if found.is_done else found
