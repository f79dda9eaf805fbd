"""Rows of assignments."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import User
from apps.assignments.models import (
    MOST_STEPS,
    Assignment,
    AssignmentCompletion,
    Step,
    Template,
    TemplateStep,
)
from apps.assignments.state import Kind
from tests.conftest import Cast
from tests.factories.accounts import make_user
from tests.factories.assignments import place_assignment


def given(cast: Cast, numbers: range) -> None:
    for number in numbers:
        at = timezone.now() - timedelta(minutes=number)
        place_assignment(cast.teaching, title=f"Row {number}", created_at=at)


def _assignment(cast: Cast) -> Assignment:
    found = Assignment.objects.filter(teaching=cast.teaching).first()
    return found or place_assignment(cast.teaching, label="Slowly")


def assignment(cast: Cast) -> list[object]:
    return [_assignment(cast).pk]


def steps(cast: Cast, numbers: range) -> None:
    for number in numbers:
        row = _assignment(cast)
        step = row.steps.count()
        if step < MOST_STEPS:
            Step.objects.create(assignment=row, position=step, kind=Kind.TICK, label=f"Row {number}")


def done(cast: Cast, numbers: range) -> None:
    """Of one step that is far from done."""
    row = _assignment(cast)
    Step.objects.filter(assignment=row).update(kind=Kind.REPETITIONS, amount=999)
    for number in numbers:
        AssignmentCompletion.objects.create(
            pk=uuid4(),
            step=row.steps.get(),
            done_by=cast.user("student"),
            done_on=cast.student.today(timezone.now()) - timedelta(days=number),
            repetitions=1,
            created_at=timezone.now(),
        )


def _keep(owner: User, number: int) -> None:
    row = Template.objects.create(
        owner=owner, title=f"Row {number}", tags=[f"Tag {number}"], created_at=timezone.now()
    )
    TemplateStep.objects.create(template=row, position=0, kind=Kind.TICK, label="Slowly")


def templates(cast: Cast, numbers: range) -> None:
    for number in numbers:
        _keep(cast.user("teacher"), number)


def templates_of_many(cast: Cast, numbers: range) -> None:
    for number in numbers:
        _keep(make_user(f"Row {number}"), number)


def _template(cast: Cast) -> Template:
    if not Template.objects.exists():
        templates(cast, range(1))
        TemplateStep.objects.all().delete()
    return Template.objects.get()


def template(cast: Cast) -> list[object]:
    return [_template(cast).pk]


def template_steps(cast: Cast, numbers: range) -> None:
    for number in numbers:
        row = _template(cast)
        step = row.steps.count()
        if step < MOST_STEPS:
            TemplateStep.objects.create(template=row, position=step, kind=Kind.TICK, label=f"Row {number}")
