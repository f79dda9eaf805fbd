"""What became of a piece or skill in the diary: how long, how often, how fast."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject

from apps.accounts.models import Student, User
from apps.practice.content import About
from apps.practice.models import PracticeEntry, PracticeItem
from apps.repertoire.models import Piece, Skill

from .history import readable_entries
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
    entries, rows = readable_entries(head), _lines_about(thing)
    readable = rows.filter(entry__in=entries)
    student = Student.objects.filter(pk=thing.student_id).order_by()
    found = vars(student.annotate(counted=_counted(readable), lines=_newest(entries, rows)).get())
    counted = found["counted"] or NOTHING_COUNTED
    return Practised(
        minutes=counted["minutes"],
        sessions=counted["sessions"],
        last_on=date.fromisoformat(counted["last_on"]) if counted["last_on"] else None,
        lines=[_line(row) for row in found["lines"]],
        may_log=head.may_log,
    )


def _lines_about(thing: Piece | Skill) -> QuerySet[PracticeItem]:
    name = "piece" if isinstance(thing, Piece) else "skill"
    return PracticeItem.objects.filter(**{name: thing})


def _counted(rows: QuerySet[PracticeItem]) -> Subquery:
    figures = (
        rows.order_by()
        .values("entry__student")
        .annotate(
            minutes_together=Sum("share_minutes"),
            sessions=Count("entry", distinct=True),
            last_on=Max("entry__practised_on"),
        )
    )
    names = {"minutes": "minutes_together", "sessions": "sessions", "last_on": "last_on"}
    return Subquery(figures.values(data=JSONObject(**names)))


def _newest(entries: QuerySet[PracticeEntry], rows: QuerySet[PracticeItem]) -> ArraySubquery:
    """Of the newest entries with such a line, which two indexes find: the history's and that of the lines.
    So no more entries are sorted than are shown."""
    newest = newest_first(entries.filter(Exists(rows.filter(entry=OuterRef("pk")))))[:MOST_LINES]
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
