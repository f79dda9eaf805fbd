"""The whole matrix of assignments, by equality: who may do what, and nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Student
from apps.assignments.models import Assignment, AssignmentCompletion, Challenge, Participation, Template
from apps.core import access
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.assignments import make_assignment, step_of, work
from tests.factories.challenges import asked, make_challenge
from tests.repertoire.test_permissions import FAMILY, TEACHERS, matrix, who

ASSIGNMENT = {"view": FAMILY | {"teacher"}, "work": FAMILY | {"teacher"}, "change": {"teacher"}}
GUARDIANS = {"guardian", "second_guardian"}
CHALLENGE = {"view": {"teacher"}, "change": {"teacher"}}
PARTICIPATION = {"view": FAMILY, "join": GUARDIANS, "leave": FAMILY, "remove": {"teacher"}}
NOBODY: dict[str, set[str]] = {action: set() for action in PARTICIPATION}
COMPLETION = {"take_back": FAMILY | {"teacher"}}


def test_assignments_are_the_familys_and_their_own_teachers(cast: Cast) -> None:
    assert who(cast, cast.teaching, "assign") == {"teacher"}
    assert who(cast, cast.student, "view_assignments") == FAMILY | TEACHERS
    row = make_assignment(cast.teaching)
    assert matrix(cast, row) == ASSIGNMENT
    work(step_of(row), cast.user("student"))
    assert matrix(cast, AssignmentCompletion.objects.get()) == COMPLETION


def test_what_was_deleted_is_nobodys(cast: Cast) -> None:
    row = make_assignment(cast.teaching)
    work(step_of(row), cast.user("student"))
    Assignment.objects.update(deleted_at=timezone.now())
    assert matrix(cast, row) == {"view": set(), "work": set(), "change": set()}
    assert matrix(cast, AssignmentCompletion.objects.get()) == {"take_back": set()}


@pytest.mark.parametrize("change", ["ended_at", "paused_at"])
def test_when_lessons_end_or_pause_the_family_keeps_it(cast: Cast, change: str) -> None:
    row = make_assignment(cast.teaching)
    work(step_of(row), cast.user("student"))
    over = timezone.now() - timedelta(seconds=1)
    Teaching.objects.filter(pk=cast.teaching.pk).update(**{change: over})
    assert matrix(cast, row) == {"view": FAMILY, "work": FAMILY, "change": set()}
    assert matrix(cast, AssignmentCompletion.objects.get()) == {"take_back": FAMILY}
    assert who(cast, cast.teaching, "assign") == set()


def test_a_template_is_its_owners(cast: Cast) -> None:
    row = Template.objects.create(owner=cast.user("teacher"), title="Scales", created_at=timezone.now())
    assert matrix(cast, row) == {"change": {"teacher"}}


def test_a_challenge_is_its_teachers_and_a_place_in_it_the_familys(cast: Cast) -> None:
    assert who(cast, cast.student, "view_challenges") == FAMILY
    row = make_challenge(cast.teaching)
    assert matrix(cast, row) == CHALLENGE
    assert matrix(cast, asked(row, cast.student)) == PARTICIPATION


def test_taken_back_it_is_nobodys(cast: Cast) -> None:
    row = make_challenge(cast.teaching)
    Challenge.objects.update(ended_at=timezone.now())
    assert matrix(cast, row) == {action: set() for action in CHALLENGE}
    assert matrix(cast, asked(row, cast.student)) == NOBODY


def test_when_lessons_pause_or_end_a_family_may_only_leave(cast: Cast) -> None:
    row = make_challenge(cast.teaching)
    over = timezone.now() - timedelta(seconds=1)
    Teaching.objects.filter(pk=cast.teaching.pk).update(paused_at=over)
    assert matrix(cast, asked(row, cast.student)) == NOBODY | {"leave": FAMILY}
    Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=over)
    assert matrix(cast, asked(row, cast.student)) == NOBODY


@pytest.mark.parametrize("took_part", [True, False])
def test_what_is_over_the_family_of_who_took_part_keeps(cast: Cast, took_part: bool) -> None:
    now, row = timezone.now(), make_challenge(cast.teaching)
    Participation.objects.update(is_in=took_part, answered_at=now, answered_by=cast.user("guardian"))
    Challenge.objects.update(closed_at=now, result=3, people=1)
    assert matrix(cast, asked(row, cast.student)) == NOBODY | {"view": FAMILY}
    Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=now)
    kept = FAMILY if took_part else set()
    assert matrix(cast, asked(row, cast.student)) == NOBODY | {"view": kept}


def test_every_rule_has_its_row() -> None:
    found = {
        model.__name__: {action for known, action in access.registered_rules() if known is model}
        for model in (Assignment, AssignmentCompletion, Challenge, Participation, Template)
    }
    assert found == {
        "Assignment": set(ASSIGNMENT),
        "AssignmentCompletion": set(COMPLETION),
        "Challenge": set(CHALLENGE),
        "Participation": set(PARTICIPATION),
        "Template": {"change"},
    }
    assert (Teaching, "assign") in access.registered_rules()
    assert {(Student, "view_assignments"), (Student, "view_challenges")} <= set(access.registered_rules())
