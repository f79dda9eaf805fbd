"""The teacher's first page: who practised, what is new, who is silent, who is still invited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import Guardianship, Invitation, Student, User
from apps.accounts.models.invitations import InvitationState
from apps.accounts.prepared import ForReader
from apps.core.addresses import address_of
from apps.core.checklists import Checklist, Step
from apps.core.days import calendar_day, week_start
from apps.core.weeks import WeekDay, seven_days
from apps.home.roles import MOST_NEW
from apps.practice.models import EntryComment, NewMark, PracticeEntry
from apps.practice.queries.overviews import MinutesByDay, last_practised, minutes_of, new_entries
from apps.practice.queries.sign_offs import SignedWeek, finished_weeks, signed
from apps.private_teaching.models import Teaching
from apps.private_teaching.queries import paused_pupils, pupils_to_come

PAGE = 20
# Days without practice after which the roster says so.
SILENT_AFTER = 5
VERY_SILENT_AFTER = 10


@dataclass(frozen=True, kw_only=True)
class RosterRow:
    """One pupil as this teacher may see them; what is private counts nowhere here."""

    student: Student
    instruments: str
    week: list[WeekDay]
    last_on: date | None
    silent_days: int
    new_count: int
    invited: int
    is_joined: bool
    # Whether the last week is signed, for each of the lessons whose teacher asks.
    signed: list[bool]

    @property
    def diary_url(self) -> str:
        return address_of("practice:entry-list", self.student.pk)

    @property
    def people_url(self) -> str:
        return address_of("private_teaching:student-people", self.student.pk)

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.week)

    @property
    def practised_days(self) -> int:
        return sum(1 for day in self.week if day.minutes)

    @property
    def is_waiting(self) -> bool:
        """Nobody can log yet: the family is still to come."""
        return not self.is_joined and self.last_on is None

    @property
    def is_silent(self) -> bool:
        return not self.is_waiting and self.silent_days >= SILENT_AFTER

    @property
    def flag(self) -> str:
        """Why to look at this pupil first, in words; empty when there is no reason."""
        if self.is_waiting:
            return _("invited") if self.invited else _("nobody has joined")
        if not self.is_silent:
            return ""
        if self.last_on is None:
            return _("nothing logged yet")
        return ngettext("silent for %(count)d day", "silent for %(count)d days", self.silent_days) % {
            "count": self.silent_days
        }

    @property
    def flag_tone(self) -> str:
        if self.is_waiting:
            return "info"
        return "danger" if self.silent_days >= VERY_SILENT_AFTER else "warning"

    @property
    def flag_icon(self) -> str:
        return "mail" if self.is_waiting else "rest"

    @property
    def subtitle(self) -> str:
        """The instruments, this week's days, and who is still to come."""
        days = self.practised_days
        parts = [self.instruments]
        if days:
            parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
        if self.signed:
            parts.append(_("week signed") if all(self.signed) else _("week not signed"))
        if self.invited:
            parts.append(self._waiting)
        return " · ".join(parts)

    @property
    def _waiting(self) -> str:
        return ngettext("%(count)d invitation waits", "%(count)d invitations wait", self.invited) % {
            "count": self.invited
        }

    @property
    def sort_key(self) -> tuple[int, int, str, str]:
        """Worst first: silent longest, then most news, then by name."""
        silence = self.silent_days if self.is_silent else 0
        return (-silence, -self.new_count, self.student.name.casefold(), str(self.student.pk))


@dataclass(frozen=True)
class RosterPage:
    """``new_since`` says of each entry when it was logged or changed last; ``to_come`` are invited pupils."""

    rows: list[RosterRow]
    entries: list[PracticeEntry]
    new_since: Mapping[UUID, datetime]
    newer: str | None
    older: str | None
    checklist: Checklist | None
    paused: list[Teaching]
    to_come: list[tuple[Invitation, InvitationState]]

    @property
    def news(self) -> list[tuple[date, list[PracticeEntry]]]:
        """The entries in their order, under the reader's day on which each became new."""
        days = groupby(self.entries, key=lambda entry: timezone.localdate(self.new_since[entry.pk]))
        return [(day, list(entries)) for day, entries in days]

    @property
    def newer_url(self) -> str | None:
        return f"?cursor={self.newer}#what-is-new" if self.newer else None

    @property
    def older_url(self) -> str | None:
        return f"?cursor={self.older}#what-is-new" if self.older else None

    @property
    def is_waiting(self) -> bool:
        """Nobody has logged anything yet."""
        return all(row.last_on is None for row in self.rows)

    @property
    def silent_total(self) -> int:
        return sum(1 for row in self.rows if row.is_silent)

    @property
    def practised_total(self) -> int:
        return sum(1 for row in self.rows if row.practised_days)


def roster_page(user: User, *, now: datetime, cursor: str | None) -> RosterPage:
    """The whole page in five queries, for one pupil or fifty; two more where one signs weeks."""
    teachings = _teachings(user, now=now)
    weeks = {each.student_id: _week_of(each.student, user, now=now) for each in teachings}
    minutes: dict[UUID, MinutesByDay] = {}
    if weeks:
        first = min(start for start, _today in weeks.values())
        last = max(today for _start, today in weeks.values())
        minutes = dict(minutes_of(user, weeks, first=first, last=last))
    asked = [week for each in teachings if (week := _asked(each, weeks[each.student_id][1])) is not None]
    done = signed(asked)
    marks_of: dict[UUID, list[bool]] = {}
    for week in asked:
        marks_of.setdefault(week.student_id, []).append(week in done)
    rows = [
        _row(group, weeks[student_id], minutes.get(student_id, {}), marks_of.get(student_id, []))
        for student_id, group in _by_student(teachings).items()
    ]
    marks, entries = new_entries(user, cursor=cursor, size=PAGE)
    return RosterPage(
        rows=sorted(rows, key=lambda row: row.sort_key),
        entries=entries,
        new_since={mark.entry_id: mark.marked_at for mark in marks.rows},
        newer=marks.newer,
        older=marks.older,
        checklist=_checklist(user, teachings),
        paused=paused_pupils(user),
        to_come=pupils_to_come(user, now=now),
    )


def _build_teachings(teacher: User, now: datetime) -> QuerySet[Teaching]:
    student = OuterRef("student")
    guarded = Exists(Guardianship.objects.current().filter(student=student))
    # Whom the family invites is the family's business: see the rule on invitations.
    invited = Invitation.objects.pending(now).filter(student=student, invited_by=teacher)
    return (
        Teaching.objects.current()
        .by(teacher)
        .select_related("student")
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
        )
        .order_by("started_at", "instrument", "pk")
    )


_teachings = ForReader(_build_teachings, now=datetime)


def _week_of(student: Student, user: User, *, now: datetime) -> tuple[date, date]:
    """Where the reader's week begins and what day it is, both in the student's zone."""
    today = student.today(now)
    return week_start(today, user.week_starts_on), today


def _by_student(teachings: Iterable[Teaching]) -> dict[UUID, list[Teaching]]:
    found: dict[UUID, list[Teaching]] = {}
    for each in teachings:
        found.setdefault(each.student_id, []).append(each)
    return found


def _row(
    group: list[Teaching], week: tuple[date, date], minutes: MinutesByDay, is_signed: list[bool]
) -> RosterRow:
    student, columns = group[0].student, vars(group[0])
    start, today = week
    last_on: date | None = columns["last_on"]
    # Somebody who never practised is silent since the lessons began.
    since = last_on or calendar_day(group[0].started_at, student.time_zone)
    new_ids = {pk for each in group for pk in vars(each)["new_ids"]}
    return RosterRow(
        student=student,
        instruments=", ".join(each.instrument for each in group),
        week=seven_days(start, today=today, minutes=minutes),
        last_on=last_on,
        silent_days=max((today - since).days, 0),
        new_count=min(len(new_ids), MOST_NEW),
        invited=len(columns["invited_ids"]),
        is_joined=columns["is_joined"],
        signed=is_signed,
    )


def _asked(teaching: Teaching, today: date) -> SignedWeek | None:
    """The last finished week, if it is to be signed."""
    if teaching.sign_off_since is None or not vars(teaching)["asks"]:
        return None
    weeks = finished_weeks(teaching.sign_off_since, today)
    return SignedWeek(teaching.student_id, teaching.pk, weeks[0]) if weeks else None


def _checklist(user: User, teachings: list[Teaching]) -> Checklist | None:
    if user.checklist_hidden_at is not None:
        return None
    columns = [vars(each) for each in teachings]
    add = reverse("private_teaching:student-create")
    invite = diary = ""
    if teachings:
        invite = reverse("private_teaching:student-people", args=[teachings[0].student_id])
    logged = [each.student_id for each in teachings if vars(each)["last_on"]]
    if logged:
        diary = reverse("practice:entry-list", args=[logged[0]])
    found = Checklist(
        title=_("Your first steps"),
        hide_url=f"{reverse('home:checklist-hide')}?next={reverse('home:roster')}",
        steps=[
            Step(
                _("Add a student"),
                bool(teachings),
                _("A name and an instrument are enough."),
                add,
                _("Add a student"),
            ),
            Step(
                _("Invite the family"),
                any(each["ever_invited"] or each["is_joined"] for each in columns),
                _("They get a mail with a link, and log from home."),
                invite,
                _("Invite"),
            ),
            Step(
                _("See the first entry"),
                bool(logged),
                _("It stands here as soon as somebody logs."),
            ),
            Step(
                _("Say something about it"),
                any(each["has_commented"] for each in columns),
                _("One sentence is enough: the family reads it the same day."),
                diary,
                _("Open the diary"),
            ),
        ],
    )
    return None if found.is_done else found
