"""What became of a piece or skill in the diary: how long, how often, how fast."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, Max, OuterRef, Q, QuerySet, RowRange, Subquery, Sum, Window
from django.db.models.fields import BooleanField
from django.db.models.functions import Coalesce, JSONObject

from apps.accounts.models import Student, User
from apps.core.prepared import Prepared
from apps.practice.content import About
from apps.practice.models import PracticeEntry, PracticeItem, ThingDay
from apps.practice.models.comments import AuthorRole
from apps.practice.permissions import audience_as
from apps.repertoire.models import Piece, Skill

from .history import own_parameters
from .lists import newest_first
from .people import find_head

MOST_LINES = 20
NOTHING_COUNTED: dict[str, Any] = {"minutes": 0, "sessions": 0, "last_on": None}


@dataclass(frozen=True, slots=True)
class PractisedLine:
    entry_id: UUID
    day: date
    section: str
    minutes: int
    tempo: int | None
    repetitions: int | None


@dataclass(frozen=True, slots=True)
class Practised:
    """``lines`` are the newest ones; the figures count all that this reader may read."""

    minutes: int
    sessions: int
    last_on: date | None
    lines: Sequence[PractisedLine]
    may_log: bool

    @property
    def has_older(self) -> bool:
        return len(self.lines) == MOST_LINES

    @property
    def columns(self) -> set[str]:
        """Which of those that may be empty say anything."""
        names = ("section", "tempo", "repetitions")
        return {name for name in names if any(getattr(line, name) for line in self.lines)}


def about_of(thing: Piece | Skill) -> About:
    return About(piece=thing.pk) if isinstance(thing, Piece) else About(skill=thing.pk)


def practised(user: User, thing: Piece | Skill) -> Practised:
    """Two queries, however much it was: who the reader is to this diary, and what they may read of it."""
    head = find_head(user, thing.student_id, "view")
    if head is None:
        # Shut out since the page's own door let them in.
        return Practised(0, 0, None, [], may_log=False)
    own = own_parameters(head)
    statement = _found(type(thing), head.role, len(own))
    (found,) = statement(thing=thing.pk, student=thing.student_id, **own)
    counted = found["counted"] or NOTHING_COUNTED
    return Practised(
        minutes=counted["minutes"],
        sessions=counted["sessions"],
        last_on=date.fromisoformat(counted["last_on"]) if counted["last_on"] else None,
        lines=[_line(row) for row in found["lines"]],
        may_log=head.may_log,
    )


@cache
def _found(kind: type[Piece | Skill], role: AuthorRole, teachings: int) -> Prepared[dict[str, Any]]:
    """By a statement that is built once per kind of reader."""

    def build(thing: UUID, student: UUID, **own: UUID) -> QuerySet[Any, Any]:
        return figures_and_lines(kind, role, list(own.values()), thing=thing, student=student)

    own = dict.fromkeys((f"teaching{number}" for number in range(teachings)), UUID)
    return Prepared(build, thing=UUID, student=UUID, **own)


def figures_and_lines(
    kind: type[Piece | Skill], role: AuthorRole, teachings: Collection[UUID], *, thing: UUID, student: UUID
) -> QuerySet[Any, Any]:
    """One row, as this role may know them; ``teachings`` are the reader's own."""
    readable, name = audience_as(role, teachings), kind.__name__.lower()
    days = ThingDay.objects.filter(readable, **{name: thing})
    entries = PracticeEntry.objects.kept().filter(readable, student=student)
    lines = _newest(entries, PracticeItem.objects.filter(**{name: thing}), days)
    rows = Student.objects.filter(pk=student).annotate(counted=_counted(days, name), lines=lines)
    return rows.values("counted", "lines")


def _counted(days: QuerySet[ThingDay], name: str) -> Subquery:
    """Costs the days on which it was practised, not the lines."""
    figures = (
        days.order_by()
        .values(name)
        .annotate(
            minutes_together=Sum("minutes"),
            sessions_together=Sum("sessions"),
            last_on=Max("practised_on"),
        )
    )
    names = {"minutes": "minutes_together", "sessions": "sessions_together", "last_on": "last_on"}
    return Subquery(figures.values(data=JSONObject(**names)))


class _IsAmong(Func):
    """A day is one of an array's: an index is asked for each, whatever else the planner thinks of them."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    arity = 2
    output_field = BooleanField()


def _newest(
    entries: QuerySet[PracticeEntry], rows: QuerySet[PracticeItem], days: QuerySet[ThingDay]
) -> ArraySubquery:
    """Of the newest entries with such a line. The days on which they were are known, so no other days are
    read: neither all lines of what is practised each day, nor all entries since what was not practised for
    years."""
    newer = Window(Sum("sessions"), order_by=F("practised_on").desc(), frame=RowRange(start=None, end=-1))
    enough = days.order_by("-practised_on").annotate(newer=Coalesce(newer, 0)).filter(newer__lt=MOST_LINES)
    on_these = Q(_IsAmong(F("practised_on"), ArraySubquery(enough.values("practised_on"))))
    # A value and no ``Exists``: that might be answered by a list of all lines about it, however many.
    about = Subquery(rows.filter(entry=OuterRef("pk")).values("pk")[:1])
    newest = newest_first(entries.filter(on_these).annotate(about=about).filter(about__isnull=False))
    newest = newest[:MOST_LINES]
    rows = rows.filter(entry__in=newest.values("pk"))
    order = ("-entry__practised_on", "-entry__created_at", "-entry__pk", "position")
    columns = {
        "entry_id": F("entry_id"),
        "day": F("entry__practised_on"),
        "section": F("section__name"),
        "minutes": F("share_minutes"),
        "tempo": F("tempo"),
        "repetitions": F("repetitions"),
    }
    return ArraySubquery(rows.order_by(*order)[:MOST_LINES].values(data=JSONObject(**columns)))


def _line(row: dict[str, Any]) -> PractisedLine:
    found = row | {"entry_id": UUID(row["entry_id"]), "day": date.fromisoformat(row["day"])}
    return PractisedLine(**found | {"section": row["section"] or ""})
