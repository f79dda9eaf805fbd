"""The whole matrix of lessons, by equality: who may do what, and nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Student
from apps.core import access
from apps.lessons.models import Lesson, OwnNote
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.lessons import make_lesson, write_notes
from tests.repertoire.test_permissions import FAMILY, TEACHERS, matrix, who

# The last is tests/evidence/test_lessons.py
LESSON = {
    "view": FAMILY | {"teacher"},
    "change": {"teacher"},
    "move": {"teacher"},
    "attach_evidence": {"teacher"},
}
NOBODY: dict[str, set[str]] = {"change": set(), "move": set(), "attach_evidence": set()}
NOTE = {"view": {"teacher"}}
HOUR = timedelta(hours=1)


def test_lessons_are_the_familys_and_their_own_teachers(cast: Cast) -> None:
    assert who(cast, cast.teaching, "plan_lesson") == {"teacher"}
    assert who(cast, cast.student, "view_lessons") == FAMILY | TEACHERS
    lesson = make_lesson(cast.teaching)
    assert matrix(cast, lesson) == LESSON
    write_notes(lesson, own_note="Slow down")
    assert matrix(cast, OwnNote.objects.get()) == NOTE


def test_what_is_called_off_is_only_read_and_noted(cast: Cast) -> None:
    lesson = make_lesson(cast.teaching)
    Lesson.objects.update(cancelled_at=timezone.now())
    assert matrix(cast, lesson) == LESSON | {"move": set()}


def test_what_was_deleted_is_nobodys(cast: Cast) -> None:
    lesson = make_lesson(cast.teaching)
    write_notes(lesson, own_note="Slow down")
    Lesson.objects.update(deleted_at=timezone.now())
    assert set().union(*matrix(cast, lesson).values()) == set()
    assert matrix(cast, OwnNote.objects.get()) == {"view": set()}


@pytest.mark.parametrize("change", [{"ended_at": HOUR}, {"paused_at": HOUR}])
def test_when_lessons_end_or_pause_the_family_keeps_what_was(
    cast: Cast, change: dict[str, timedelta]
) -> None:
    now = timezone.now()
    over, to_come = make_lesson(cast.teaching, now - 48 * HOUR), make_lesson(cast.teaching)
    write_notes(over, own_note="Slow down")
    Teaching.objects.filter(pk=cast.teaching.pk).update(**{name: now - ago for name, ago in change.items()})
    assert matrix(cast, over) == NOBODY | {"view": FAMILY}
    assert matrix(cast, to_come) == NOBODY | {"view": set()}
    assert matrix(cast, OwnNote.objects.get()) == {"view": set()}
    assert who(cast, cast.teaching, "plan_lesson") == set()


def test_every_rule_has_its_row() -> None:
    found = {
        model.__name__: {action for known, action in access.registered_rules() if known is model}
        for model in (Lesson, OwnNote)
    }
    assert found == {"Lesson": set(LESSON), "OwnNote": set(NOTE)}
    assert (Teaching, "plan_lesson") in access.registered_rules()
    assert (Student, "view_lessons") in access.registered_rules()
