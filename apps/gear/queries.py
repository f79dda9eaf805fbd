"""The list of a student's gear, and what is due of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from apps.accounts.models import Student, User
from apps.core.access import allowed

from .models import DUE_WORDS, GEAR_ORDER, Care, CareKind, Gear, months_after


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


def first_due(user: User, days: Mapping[UUID, date]) -> dict[UUID, Due]:
    """For the first page of the student, and of who buys the strings: of each student what is due longest of
    which nobody has said yet that they know. ``days``: each one's today. One query."""
    rows = allowed(Gear.objects.filter(student__in=days, remind_months__isnull=False), "change", user)
    found = [due_of(row, days[row.student_id]) for row in with_last_care(rows)]
    open_ones = [due for due in found if due and not is_hushed(due)]
    # The first one is written last, and stays.
    latest_first = sorted(open_ones, key=lambda due: (due.due_on, str(due.gear.pk)), reverse=True)
    return {due.gear.student_id: due for due in latest_first}


def is_hushed(due: Due) -> bool:
    """Since it became due; when it is done and due again, the page may say so again."""
    return due.gear.hushed_on is not None and due.gear.hushed_on >= due.due_on
