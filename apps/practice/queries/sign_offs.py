"""Weeks that teachers ask the family to sign: what is counted, what is signed, what has changed since."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from apps.accounts.models import User
from apps.core.access import allowed
from apps.core.pages import Page, keyset_page
from apps.core.weeks import DAYS_PER_WEEK
from apps.practice.models import PracticeEntry, WeekSignOff
from apps.private_teaching.models import Teaching

from .names import full_name

# So many finished weeks can be signed: whoever was away for a week has not missed it.
OPEN_WEEKS = 2
WEEK = timedelta(days=DAYS_PER_WEEK)
ORDER = ("week_on", "signed_at", "id")
PAGE_SIZE = 20


class SignedWeek(NamedTuple):
    """A week of one teaching, by its first day."""

    student_id: UUID
    teaching_id: UUID
    first: date

    def has(self, day: date) -> bool:
        return self.first <= day < self.first + WEEK


@dataclass(frozen=True)
class Counted:
    """What a teacher counts of a week. ``version`` is another one when an entry came, went or was changed."""

    minutes: int
    sessions: int
    days: int
    version: str


@dataclass(frozen=True, kw_only=True)
class Signed:
    """The newest signature. ``is_changed``: the week is not what it was then."""

    key: UUID
    by: str
    by_id: UUID | None
    at: datetime
    minutes: int
    note: str
    is_changed: bool


@dataclass(frozen=True, kw_only=True)
class AskedWeek:
    """A finished week of lessons whose teacher asks; the minutes are those that the teacher counts."""

    student_id: UUID
    teaching_id: UUID
    teacher: str
    instrument: str
    first: date
    minutes: int
    days: int
    version: str
    signed: Signed | None

    @property
    def last(self) -> date:
        return self.first + WEEK - timedelta(days=1)

    @property
    def is_open(self) -> bool:
        """There is something to sign: nobody has, or not as it stands there now."""
        return self.signed is None or self.signed.is_changed


def finished_weeks(since: date, today: date) -> list[date]:
    """The first days of the last weeks that are over, newest first; they are counted from ``since``."""
    over = (today - since).days // DAYS_PER_WEEK
    return [since + number * WEEK for number in range(over - 1, max(over - OPEN_WEEKS, 0) - 1, -1)]


def count_weeks(weeks: Collection[SignedWeek]) -> dict[SignedWeek, Counted]:
    """What the teachers of these lessons count: nothing private, nothing for another one. One query."""
    rows = PracticeEntry.objects.kept().filter(
        student__in={week.student_id for week in weeks},
        practised_on__gte=min(week.first for week in weeks),
        practised_on__lt=max(week.first for week in weeks) + WEEK,
        is_private=False,
    )
    entries: dict[UUID, list[PracticeEntry]] = {}
    columns = ("student_id", "practised_on", "minutes", "addressed_to_id", "created_at", "changed_at")
    for entry in rows.only(*columns).order_by("pk"):
        entries.setdefault(entry.student_id, []).append(entry)
    return {week: _counted(week, entries.get(week.student_id, [])) for week in weeks}


def count_week(week: SignedWeek) -> Counted:
    return count_weeks([week])[week]


def _counted(week: SignedWeek, entries: Iterable[PracticeEntry]) -> Counted:
    found = [
        entry
        for entry in entries
        if week.has(entry.practised_on) and entry.addressed_to_id in (None, week.teaching_id)
    ]
    written = "".join(f"{entry.pk} {entry.changed_at or entry.created_at}\n" for entry in found)
    return Counted(
        minutes=sum(entry.minutes for entry in found),
        sessions=len(found),
        days=len({entry.practised_on for entry in found}),
        version=sha256(written.encode()).hexdigest(),
    )


def asking_lessons() -> ArraySubquery:
    """A column of a student: the lessons whose teacher asks, as ``asked_weeks`` reads them."""
    lessons = Teaching.objects.asking().filter(student=OuterRef("pk")).order_by("started_at", "pk")
    return ArraySubquery(
        lessons.values(
            data=JSONObject(
                student="student_id",
                teaching="pk",
                teacher=full_name("teacher"),
                instrument="instrument",
                since="sign_off_since",
            )
        )
    )


def asked_weeks(lessons: Iterable[tuple[Mapping[str, Any], date]]) -> list[AskedWeek]:
    """Of each of ``asking_lessons``, with the student's today: the last finished week, and the one before as
    long as there is something to sign of it. Two queries, none where nothing is asked."""
    wanted = {
        SignedWeek(UUID(row["student"]), UUID(row["teaching"]), first): row
        for row, today in lessons
        for first in finished_weeks(date.fromisoformat(row["since"]), today)
    }
    if not wanted:
        return []
    counted, signed = count_weeks(wanted), _newest(wanted)
    latest: dict[UUID, date] = {}
    for week in wanted:
        latest.setdefault(week.teaching_id, week.first)
    found = [_asked(week, row, counted[week], signed.get(week)) for week, row in wanted.items()]
    return [week for week in found if week.is_open or week.first == latest[week.teaching_id]]


def _newest(weeks: Collection[SignedWeek]) -> dict[SignedWeek, WeekSignOff]:
    """The newest signature of each week that has one."""
    rows = WeekSignOff.objects.filter(
        teaching__in={week.teaching_id for week in weeks}, week_on__in={week.first for week in weeks}
    )
    found: dict[SignedWeek, WeekSignOff] = {}
    for row in rows.select_related("signed_by").newest_first():
        found.setdefault(SignedWeek(row.student_id, row.teaching_id, row.week_on), row)
    return found


def _asked(
    week: SignedWeek, row: Mapping[str, Any], counted: Counted, signed: WeekSignOff | None
) -> AskedWeek:
    return AskedWeek(
        student_id=week.student_id,
        teaching_id=week.teaching_id,
        teacher=row["teacher"],
        instrument=row["instrument"],
        first=week.first,
        minutes=counted.minutes,
        days=counted.days,
        version=counted.version,
        signed=_signed(signed, counted) if signed else None,
    )


def _signed(row: WeekSignOff, counted: Counted) -> Signed:
    return Signed(
        key=row.pk,
        by=row.signed_by.get_full_name() if row.signed_by else "",
        by_id=row.signed_by_id,
        at=row.signed_at,
        minutes=row.minutes,
        note=row.note,
        is_changed=row.version != counted.version,
    )


def asked_weeks_of(teaching: Teaching, *, now: datetime) -> list[AskedWeek]:
    """What these lessons ask for now; none if they do not ask."""
    lessons = Teaching.objects.asking().filter(pk=teaching.pk)
    rows = lessons.values("sign_off_since", "instrument", name=full_name("teacher"))
    today = teaching.student.today(now)
    return asked_weeks(
        (
            {
                "student": str(teaching.student_id),
                "teaching": str(teaching.pk),
                "teacher": row["name"],
                "instrument": row["instrument"],
                "since": str(row["sign_off_since"]),
            },
            today,
        )
        for row in rows
    )


def signed(weeks: Collection[SignedWeek]) -> set[SignedWeek]:
    """Those whose newest signature stands under exactly what is there now. Two queries, none for no week."""
    if not weeks:
        return set()
    counted, newest = count_weeks(weeks), _newest(weeks)
    return {week for week in weeks if week in newest and newest[week].version == counted[week].version}


def sign_offs_page(user: User, student: UUID, cursor: str | None) -> Page[WeekSignOff]:
    """Every signature in a diary that this reader may see, newest week first. One query."""
    rows: QuerySet[WeekSignOff] = allowed(WeekSignOff.objects.filter(student=student), "view", user)
    rows = rows.select_related("teaching__teacher", "signed_by")
    return keyset_page(rows, fields=ORDER, cursor=cursor, size=PAGE_SIZE)


def changed_since(rows: Collection[WeekSignOff]) -> set[UUID]:
    """Those of these signatures whose week is not any more what was signed. One query, none without rows."""
    weeks = {row.pk: SignedWeek(row.student_id, row.teaching_id, row.week_on) for row in rows}
    counted = count_weeks(set(weeks.values())) if weeks else {}
    return {row.pk for row in rows if counted[weeks[row.pk]].version != row.version}
