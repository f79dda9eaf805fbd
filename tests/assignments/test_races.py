"""A step is ticked in two tabs at the same moment, and given twice at the same moment."""

import os
from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from apps.assignments.models import TICKED_ONCE, Assignment, AssignmentCompletion, Step
from apps.private_teaching.models import Teaching
from tests.factories.accounts import make_student, make_user
from tests.factories.assignments import make_assignment, step_of, work
from tests.factories.private_teaching import make_teaching
from tests.practice.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)
# Each round costs a few milliseconds.
ROUNDS = int(os.environ.get("WOODSHED_RACE_ROUNDS", "5"))


@pytest.fixture
def teaching() -> Teaching:
    user = make_user("Mia")
    return make_teaching(make_user("Anna"), make_student("Mia", user=user))


def race(teaching: Teaching) -> int:
    """How many ticks stand there when the student and the teacher press at once."""
    AssignmentCompletion.objects.all().delete()
    step = step_of(Assignment.objects.get())
    by = teaching.student.user
    assert by is not None
    results = together(lambda: work(step, by), lambda: work(step, teaching.teacher))
    assert results == [None, None], "whoever presses is done"
    return AssignmentCompletion.objects.count()


def test_of_two_ticks_at_once_one_stands(teaching: Teaching) -> None:
    make_assignment(teaching)
    assert {race(teaching) for _ in range(ROUNDS)} == {1}


@pytest.fixture
def no_guard() -> Iterator[None]:
    """The database without its constraint; it comes back when no step is ticked twice any more."""
    [constraint] = [each for each in AssignmentCompletion._meta.constraints if each.name == TICKED_ONCE]
    with connection.schema_editor() as editor:
        editor.remove_constraint(AssignmentCompletion, constraint)
    yield
    AssignmentCompletion.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(AssignmentCompletion, constraint)


def test_without_the_constraint_there_are_two(no_guard: None, teaching: Teaching) -> None:
    """The control."""
    make_assignment(teaching)
    assert {race(teaching) for _ in range(ROUNDS)} == {2}


def test_what_is_sent_twice_at_once_is_given_once(teaching: Teaching) -> None:
    for _ in range(ROUNDS):
        Assignment.objects.all().delete()
        sent = partial(make_assignment, teaching, key=uuid4())
        results = together(sent, sent)
        assert results == [Assignment.objects.get()] * 2
        assert Step.objects.count() == 1
