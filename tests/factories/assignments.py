"""Assignments as their teacher gives them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from apps.accounts.models import User
from apps.assignments import services
from apps.assignments.content import AssignmentContent, StepContent, WorkContent
from apps.assignments.models import Assignment, Step
from apps.assignments.state import Kind
from apps.private_teaching.models import Teaching

TEN_TIMES = StepContent(kind=Kind.REPETITIONS, label="Slowly", amount=10)


def make_assignment(
    teaching: Teaching,
    title: str = "Minuet in G",
    *steps: StepContent,
    key: UUID | None = None,
    now: datetime | None = None,
    **content: Any,
) -> Assignment:
    """To one pupil; without steps it is finished by one tick."""
    given = services.give(
        key=key or uuid4(),
        teachings=[teaching.pk],
        by=teaching.teacher,
        content=AssignmentContent(title=title, steps=steps, **content),
        now=now or timezone.now(),
    )
    (row,) = given.assignments
    return row


def place_assignment(teaching: Teaching, *, label: str = "", **fields: Any) -> Assignment:
    """A row as it may stand there from another time, with a tick: of lessons that have ended since, say."""
    usual = {"title": "Minuet in G", "given": uuid4(), "created_at": timezone.now()}
    row = Assignment.objects.create(teaching=teaching, added_by=teaching.teacher, **usual | fields)
    Step.objects.create(assignment=row, position=0, kind=Kind.TICK, label=label)
    return row


def step_of(assignment: Assignment, position: int = 0) -> Step:
    return Step.objects.select_related("assignment__teaching").get(assignment=assignment, position=position)


def work(step: Step, by: User, key: UUID | None = None, **done: int) -> None:
    content = WorkContent(**done)
    services.work_on(key=key or uuid4(), step=step, by=by, content=content, now=timezone.now())
