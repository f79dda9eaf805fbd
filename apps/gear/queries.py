"""The list of a student's gear, and what is due of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from apps.accounts.models import Student, User
from apps.core.access import allowed

from .models import DUE_WORDS, GEAR_ORDER, Care, CareKind, Gear, months_after

DAYS = ("remind_from", "hushed_on", "last_care_on")
REMINDED = ("id", "name", "remind_of", "remind_months", *DAYS)


@dataclass(frozen=True, slots=True)
class Due:
    """What it is time for. ``last_on`` is None where it was never noted."""

    gear: Gear
    due_on: date
    last_on: date | None

    @property
    def words(self) -> str:
        return str(DUE_WORDS[CareKind(self.gear.remind_of)])


@dataclass(frozen=True, slots=True)
class Listed:
    gear: Gear
    due: Due | None


def with_last_care(rows: QuerySet[Gear]) -> QuerySet[Gear]:
    """Annotate when that was done last of which each is to be reminded."""
    cares = Care.objects.kept().filter(gear=OuterRef("pk"), kind=OuterRef("remind_of"))
    found: QuerySet[Gear] = rows.annotate(last_care_on=Subquery(cares.newest_first().values("done_on")[:1]))
    return found


def due_of(gear: Gear, today: date) -> Due | None:
    """Counted from when it was done last, else from the day on which somebody asked to be reminded."""
    if gear.remind_months is None or gear.remind_from is None or gear.is_put_away:
        return None
    last_on: date | None = vars(gear)["last_care_on"]
    due_on = months_after(last_on or gear.remind_from, gear.remind_months)
    return Due(gear, due_on, last_on) if due_on <= today else None


def gear_list(user: User, student: Student, today: date) -> Sequence[Listed]:
    """All that this reader may see, with what is due. One query."""
    rows = allowed(Gear.objects.filter(student=student), "view", user)
    found = with_last_care(rows).order_by(*GEAR_ORDER)
    return [Listed(row, due_of(row, today)) for row in found]


def reminders() -> ArraySubquery:
    """A column of a student, for the family: the gear with a reminder, as ``first_of`` reads it."""
    rows = Gear.objects.kept().filter(student=OuterRef("pk"), remind_months__isnull=False, is_put_away=False)
    return ArraySubquery(with_last_care(rows).values(data=JSONObject(**{name: name for name in REMINDED})))


def first_of(found: Iterable[Mapping[str, Any]], today: date) -> Due | None:
    """Of what ``reminders`` found for a student."""
    return _first(map(_gear, found), today)


def _gear(row: Mapping[str, Any]) -> Gear:
    values = dict(row) | {name: row[name] and date.fromisoformat(row[name]) for name in DAYS}
    last_on = values.pop("last_care_on")
    gear = Gear(**values | {"id": UUID(row["id"])})
    vars(gear)["last_care_on"] = last_on
    return gear


def _first(rows: Iterable[Gear], today: date) -> Due | None:
    found = (due_of(row, today) for row in rows)
    open_ones = [due for due in found if due and not is_hushed(due)]
    return min(open_ones, key=lambda due: (due.due_on, str(due.gear.pk)), default=None)


def is_hushed(due: Due) -> bool:
    """Since it became due; when it is done and due again, the page may say so again."""
    return due.gear.hushed_on is not None and due.gear.hushed_on >= due.due_on
