"""The teacher's first page: whom to look at first, who practised, what is new, who is still invited."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.invitations import InvitationState
from apps.core.addresses import addresses_of
from apps.core.checklists import Checklist, Step
from apps.core.days import week_start
from apps.core.weeks import WeekDay, seven_days
from apps.desk.queries import Pupil, pupils_of
from apps.desk.triage import FlagKind
from apps.practice.queries.sign_offs import SignedWeek, finished_weeks, signed
from apps.private_teaching.models import Teaching
from apps.private_teaching.queries import paused_pupils, pupils_to_come

# Days without practice after which the sign changes.
VERY_SILENT_AFTER = 10
# A list that is seen at a glance.
SHORT = 8
ICONS = {
    FlagKind.EXAM: "exam",
    FlagKind.SILENT: "rest",
    FlagKind.MISSED: "rest",
    FlagKind.BELOW: "warning",
    FlagKind.STRUGGLE: "struggle",
}


class Ways:
    """Where a row leads to, looked up once for all of them."""

    def __init__(self) -> None:
        self.diary = addresses_of("practice:entry-list")
        self.people = addresses_of("private_teaching:student-people")
        self.brief = addresses_of("desk:brief")
        self.snooze = addresses_of("desk:snooze")


@dataclass(frozen=True)
class RosterRow:
    """One pupil of the desk with the reader's week."""

    pupil: Pupil
    ways: Ways = field(compare=False, repr=False)
    week: list[WeekDay]
    # Whether the last week is signed, for each of the lessons whose teacher asks.
    signed: list[bool]

    @property
    def student(self) -> Student:
        return self.pupil.student

    @property
    def diary_url(self) -> str:
        return self.ways.diary(self.student.pk)

    @property
    def people_url(self) -> str:
        return self.ways.people(self.student.pk)

    @property
    def brief_url(self) -> str:
        return self.ways.brief(self.student.pk)

    @property
    def snooze_url(self) -> str:
        """Only who stands out is put aside."""
        return self.ways.snooze(self.student.pk) if self.pupil.flags else ""

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.week)

    @property
    def practised_days(self) -> int:
        return sum(1 for day in self.week if day.minutes)

    @property
    def flags(self) -> list[str]:
        """Why to look at this pupil first, in words, the worst first; none when there is no reason."""
        if self.pupil.is_waiting:
            return [_("invited") if self.pupil.invited else _("nobody has joined")]
        return [flag.reason for flag in self.pupil.flags]

    @property
    def flag_tone(self) -> str:
        if self.pupil.is_waiting:
            return "info"
        is_grave = any(flag.kind is FlagKind.EXAM for flag in self.pupil.flags)
        return "danger" if is_grave or self.pupil.silent_days >= VERY_SILENT_AFTER else "warning"

    @property
    def flag_icon(self) -> str:
        if self.pupil.is_waiting:
            return "mail"
        return ICONS[self.pupil.flags[0].kind] if self.pupil.flags else "info"

    @property
    def instruments(self) -> str:
        return ", ".join(each.instrument for each in self.pupil.teachings)

    @property
    def subtitle(self) -> str:
        """The instruments, this week's days, and who is still to come."""
        days = self.practised_days
        parts = [self.instruments]
        if days:
            parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
        if self.signed:
            parts.append(_("week signed") if all(self.signed) else _("week not signed"))
        if self.pupil.invited:
            parts.append(self._waiting)
        return " · ".join(parts)

    @property
    def _waiting(self) -> str:
        count = self.pupil.invited
        return ngettext("%(count)d invitation waits", "%(count)d invitations wait", count) % {"count": count}


@dataclass(frozen=True)
class RosterPage:
    """``rows`` the worst first; ``snoozed`` are put aside for some days, ``to_come`` are invited."""

    rows: list[RosterRow]
    snoozed: list[RosterRow]
    checklist: Checklist | None
    paused: list[Teaching]
    to_come: list[tuple[Invitation, InvitationState]]
    # What the reader looks for in the names.
    words: str = ""

    @property
    def is_long(self) -> bool:
        """So many that somebody would look for a name."""
        return len(self.everybody) > SHORT

    @property
    def found(self) -> list[RosterRow]:
        """The rows to show; of those who are put aside only whom the reader looks for by name."""
        if not self.words:
            return self.rows
        words = self.words.casefold()
        return [row for row in self.everybody if words in row.student.name.casefold()]

    @property
    def everybody(self) -> list[RosterRow]:
        return [*self.rows, *self.snoozed]

    @property
    def is_waiting(self) -> bool:
        """Nobody has logged anything yet."""
        return all(row.pupil.last_on is None for row in self.everybody)

    @property
    def new_total(self) -> int:
        return sum(row.pupil.new_count for row in self.everybody)

    @property
    def flagged_total(self) -> int:
        return sum(1 for row in self.rows if row.pupil.flags)

    @property
    def practised_total(self) -> int:
        return sum(1 for row in self.everybody if row.practised_days)


def roster_page(user: User, *, now: datetime, words: str = "") -> RosterPage:
    """The whole page in two queries, for one pupil or fifty; one more each where one signs weeks, where
    pupils pause and where pupils were invited with diaries of their own."""
    pupils = pupils_of(user, now=now)
    asked = {each.student.pk: list(_asked(each)) for each in pupils}
    done = signed(list(chain.from_iterable(asked.values())))
    ways = Ways()
    rows = [
        RosterRow(
            pupil,
            ways,
            seven_days(
                week_start(pupil.today, user.week_starts_on), today=pupil.today, minutes=pupil.minutes
            ),
            [week in done for week in asked[pupil.student.pk]],
        )
        for pupil in pupils
    ]
    return RosterPage(
        rows=[row for row in rows if row.pupil.snoozed is None],
        snoozed=[row for row in rows if row.pupil.snoozed is not None],
        checklist=_checklist(user, [each for pupil in pupils for each in pupil.teachings]),
        paused=paused_pupils(user) if _may_have(pupils, "has_paused") else [],
        to_come=pupils_to_come(user, now=now) if _may_have(pupils, "has_invited") else [],
        words=words,
    )


def _may_have(pupils: list[Pupil], name: str) -> bool:
    """Every pupil's row says it of the teacher; without one nobody has said anything."""
    return not pupils or bool(vars(pupils[0].teachings[0])[name])


def _asked(pupil: Pupil) -> Iterator[SignedWeek]:
    """The last finished week, of each of the lessons in which it is to be signed."""
    for teaching in pupil.teachings:
        if teaching.sign_off_since is None or not vars(teaching)["asks"]:
            continue
        if weeks := finished_weeks(teaching.sign_off_since, pupil.today):
            yield SignedWeek(teaching.student_id, teaching.pk, weeks[0])


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
