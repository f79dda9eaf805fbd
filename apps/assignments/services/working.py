"""Saying what was done for a step, and taking it back."""

import contextlib
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.assignments.content import WorkContent
from apps.assignments.models import TICKED_ONCE, Assignment, AssignmentCompletion, Step
from apps.assignments.state import Kind
from apps.core import access
from apps.repertoire.services import GoneMeanwhile, KeyIsTaken, NotPossible
from apps.repertoire.services.locks import lock_student


class NothingWasDone(NotPossible):
    """A step that asks for a number was sent without it, or with bars that are not its own."""

    field = "done"


def work_on(*, key: UUID, step: Step, by: User, content: WorkContent, now: datetime) -> None:
    """One more time; the same ``key`` twice is once, and a step is ticked once, whoever presses.

    Raises NothingWasDone, GoneMeanwhile, CollectionIsOff; KeyIsTaken when the key said something else.
    """
    columns = work_columns(step, content)
    with contextlib.suppress(_AlreadyThere), transaction.atomic():
        student = lock_student(step.assignment.teaching.student_id)
        _require(step, by)
        row = AssignmentCompletion(
            pk=key, step=step, done_by=by, done_on=student.today(now), created_at=now, **columns
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            there = AssignmentCompletion.objects.filter(pk=key).first()
            if there is None and TICKED_ONCE not in str(error):
                raise GoneMeanwhile from error
            said = {"step_id": step.pk, **columns}
            if there is not None and {name: getattr(there, name) for name in said} != said:
                raise KeyIsTaken from error
            raise _AlreadyThere from error


class _AlreadyThere(Exception):
    """What was asked for is so."""


def _require(step: Step, by: User) -> None:
    """The step as it is now. Raises GoneMeanwhile."""
    mine = access.allowed(Assignment.objects.filter(pk=step.assignment_id), "work", by)
    if not (mine.exists() and Step.objects.filter(pk=step.pk, kind=step.kind).exists()):
        raise GoneMeanwhile


def work_columns(step: Step, content: WorkContent) -> dict[str, int | bool | None]:
    """What a completion of this step says. Raises NothingWasDone."""
    target = step.target
    if target.kind is Kind.TICK:
        return {"is_tick": True}
    if target.kind is Kind.BARS:
        first, last = content.from_bar, content.to_bar
        if first is None or last is None or not 1 <= first <= last:
            raise NothingWasDone
        if first > (target.to_bar or 0) or last < (target.from_bar or 0):
            raise NothingWasDone
        return {"from_bar": first, "to_bar": last}
    name = target.kind.value
    value: int | None = getattr(content, name)
    if not value:
        raise NothingWasDone
    return {name: value}


@transaction.atomic
def take_back(*, completion: AssignmentCompletion, by: User) -> None:
    """As if it had never been said. Twice is as good as once."""
    access.allowed(AssignmentCompletion.objects.filter(pk=completion.pk), "take_back", by).delete()
