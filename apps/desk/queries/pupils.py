"""The teacher's pupils, each with the reasons to look at them first: the same wherever it is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import Guardianship, Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.prepared import ForReader
from apps.core.days import calendar_day
from apps.core.weeks import DAYS_PER_WEEK
from apps.desk.triage import (
    STRUGGLE_DAYS,
    Exam,
    Figures,
    Flag,
    Named,
    Thresholds,
    Week,
    flags_of,
    most_named,
    weeks_asked,
    weeks_of,
)
from apps.practice.models import EntryComment, NewMark
from apps.practice.queries.overviews import MinutesByDay, day_parts, last_practised, minutes_of
from apps.practice.queries.statistics import DayPart
from apps.private_teaching.models import Teaching

from .columns import with_figures

# More than this is "99+"; nobody counts further, so the database does not either.
MOST_NEW = 100
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Snoozed:
    """Put aside until the morning of a day of the pupil's."""

    until: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class Pupil:
    """One pupil with all instruments of theirs, as this teacher may see them; what is private counts nowhere.

    ``minutes`` are those of the weeks that the rules and the reader's week look at.
    """

    student: Student
    teachings: list[Teaching]
    today: date
    minutes: MinutesByDay
    last_on: date | None
    new_count: int
    invited: int
    is_joined: bool
    # As many whole weeks as the rules look at, the one that ends yesterday first.
    weeks: Sequence[Week]
    flags: list[Flag]
    snoozed: Snoozed | None

    @cached_property
    def silent_days(self) -> int:
        """Since the last time; of somebody who never practised, since the lessons began."""
        return max((self.today - (self.last_on or _began_on(self.teachings))).days, 0)

    @property
    def is_waiting(self) -> bool:
        """Nobody can log yet: the family is still to come."""
        return not self.is_joined and self.last_on is None

    @property
    def sort_key(self) -> tuple[int, int, int, str, str]:
        """Worst first: by the worst reason, then by how many, then most news, then by name."""
        worst = self.flags[0].weight if self.flags else 0
        name = self.student.name.casefold()
        return (-worst, -len(self.flags), -self.new_count, name, str(self.student.pk))


def pupils_of(user: User, *, now: datetime) -> list[Pupil]:
    """All pupils of today, the worst first, those who are put aside among them. Two queries, for one or for
    five hundred."""
    found = _pupils(user, _teachings(user, now=now, since=_since(now)), now)
    return sorted(found, key=lambda pupil: pupil.sort_key)


def pupil_of(user: User, student: Student, *, now: datetime) -> Pupil | None:
    """One of them; none who is not a pupil of today. Two queries."""
    found = pupil_since(user, student, since=student.today(now), now=now)
    return found[0] if found else None


def pupil_since(
    user: User, student: Student, *, since: date, now: datetime
) -> tuple[Pupil, list[DayPart]] | None:
    """The same, and the parts of their days from ``since`` on, in no order. Two queries."""
    teachings = _of_student(user, now=now, since=_since(now), student=student.pk)
    if not teachings:
        return None
    today, by = student.today(now), _thresholds(teachings)
    parts = day_parts(user, student, first=min(since, _first_day(today, by)), last=today)
    minutes: dict[date, int] = {}
    for _student, day, practised, _sessions in parts:
        minutes[day] = minutes.get(day, 0) + practised
    return _pupil(teachings, today, minutes, by), [part for part in parts if part[1] >= since]


def _since(now: datetime) -> date:
    return now.date() - STRUGGLE_DAYS * DAY


def _pupils(user: User, teachings: list[Teaching], now: datetime) -> list[Pupil]:
    if not teachings:
        return []
    by = _thresholds(teachings)
    groups = _by_student(teachings)
    days = [group[0].student.today(now) for group in groups.values()]
    minutes = minutes_of(user, groups, first=_first_day(min(days), by), last=max(days))
    return [
        _pupil(group, today, minutes.get(pk, {}), by)
        for (pk, group), today in zip(groups.items(), days, strict=True)
    ]


def _thresholds(teachings: list[Teaching]) -> Thresholds:
    return Thresholds(**(vars(teachings[0])["thresholds"] or {}))


def _first_day(today: date, by: Thresholds) -> date:
    """The reader's week may begin up to six days ago; the weeks of the rules reach back farther."""
    return today - weeks_asked(by) * DAYS_PER_WEEK * DAY


def _build_teachings(teacher: User, now: datetime, since: date) -> QuerySet[Teaching]:
    student = OuterRef("student")
    guarded = Exists(Guardianship.objects.current().filter(student=student))
    # Whom the family invites is the family's business: see the rule on invitations.
    invited = Invitation.objects.pending(now).filter(student=student, invited_by=teacher)
    rows = Teaching.objects.current().by(teacher).select_related("student")
    return (
        with_figures(rows, teacher, since=since)
        .annotate(
            last_on=last_practised(teacher),
            asks=Exists(Teaching.objects.asking().filter(pk=OuterRef("pk"))),
            new_ids=ArraySubquery(
                NewMark.objects.filter(teaching=OuterRef("pk")).values("entry_id")[:MOST_NEW]
            ),
            invited_ids=ArraySubquery(invited.values("pk")),
            is_joined=Exists(Student.objects.filter(Q(pk=student) & Q(user__isnull=False))) | guarded,
            ever_invited=Exists(Invitation.objects.filter(student=student)),
            has_commented=Exists(EntryComment.objects.kept().filter(author=teacher)),
            # What is asked for by itself, where there is any.
            has_paused=Exists(Teaching.objects.paused().by(teacher)),
            has_invited=Exists(Invitation.objects.filter(role=InvitationRole.PUPIL, invited_by=teacher)),
        )
        .order_by("started_at", "instrument", "pk")
    )


def _build_of_student(teacher: User, now: datetime, since: date, student: UUID) -> QuerySet[Teaching]:
    return _build_teachings(teacher, now, since).filter(student=student)


_teachings = ForReader(_build_teachings, now=datetime, since=date)
_of_student = ForReader(_build_of_student, now=datetime, since=date, student=UUID)


def _by_student(teachings: Iterable[Teaching]) -> Mapping[UUID, list[Teaching]]:
    found: dict[UUID, list[Teaching]] = {}
    for each in teachings:
        found.setdefault(each.student_id, []).append(each)
    return found


def _pupil(group: list[Teaching], today: date, minutes: MinutesByDay, by: Thresholds) -> Pupil:
    columns = vars(group[0])
    last_on: date | None = columns["last_on"]
    can_log = columns["is_joined"] or last_on is not None
    figures = _figures(group, today, minutes, by)
    new_ids = {pk for each in group for pk in vars(each)["new_ids"]}
    return Pupil(
        student=group[0].student,
        teachings=group,
        today=today,
        minutes=minutes,
        last_on=last_on,
        new_count=min(len(new_ids), MOST_NEW),
        invited=len(columns["invited_ids"]),
        is_joined=columns["is_joined"],
        # Of whom nobody can log, nothing is missing yet.
        weeks=figures.weeks,
        flags=flags_of(figures, by) if can_log else [],
        snoozed=_snoozed(columns["snoozed"], today),
    )


def _figures(group: list[Teaching], today: date, minutes: MinutesByDay, by: Thresholds) -> Figures:
    columns, began_on = vars(group[0]), _began_on(group)
    since = today - (STRUGGLE_DAYS - 1) * DAY
    hard = [each for each in columns["hard"] if date.fromisoformat(each["on"]) >= since]
    exams = sorted((_exam(each) for each in columns["exams"]), key=lambda exam: exam.held_on)
    return Figures(
        today=today,
        began_on=began_on,
        last_on=columns["last_on"],
        weeks=weeks_of(minutes, today=today, since=began_on, count=weeks_asked(by)),
        exams=exams,
        struggle=most_named(Named(each["words"], frozenset(each["pieces"])) for each in hard),
    )


def _began_on(group: list[Teaching]) -> date:
    """The teachings stand in the order in which they began."""
    return calendar_day(group[0].started_at, group[0].student.time_zone)


def _exam(data: Mapping[str, Any]) -> Exam:
    held_on = date.fromisoformat(data["held_on"])
    return Exam(data["title"], held_on, data["target_hours"], data["minutes"])


def _snoozed(data: Mapping[str, Any] | None, today: date) -> Snoozed | None:
    """On its day the pupil is awake again, without anybody's doing."""
    if data is None or (until := date.fromisoformat(data["until"])) <= today:
        return None
    return Snoozed(until, data["reason"])
