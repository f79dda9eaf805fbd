"""A pupil whom a teacher wrote down, and who has a diary here: what the teacher noted goes along."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.services.placeholders import is_in_use, move_into
from apps.assignments.models import Assignment
from apps.desk import services as desk
from apps.desk.models import Snooze
from apps.lessons.models import Lesson, OwnNote
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.assignments import make_assignment
from tests.factories.lessons import make_lesson, write_notes
from tests.factories.private_teaching import make_teaching

People = tuple[User, User, Student, Student]


@pytest.fixture
def people(db: None) -> People:
    """The teacher, the guardian, the child, and the row that the teacher made."""
    teacher, guardian, child = make_user("Thea"), make_user("Nora"), make_student("Zoe")
    make_guardianship(child, guardian)
    return teacher, guardian, child, make_student("Zoe Z.", created_by=teacher)


def move(people: People) -> None:
    _teacher, guardian, child, placeholder = people
    with transaction.atomic():
        move_into(child.pk, placeholder=placeholder, by=guardian, now=timezone.now())


@pytest.mark.parametrize("teaches_there", [True, False])
def test_lessons_notes_and_assignments_are_there_afterwards(people: People, teaches_there: bool) -> None:
    teacher, _guardian, child, placeholder = people
    kept = make_teaching(teacher, child) if teaches_there else None
    old = make_teaching(teacher, placeholder)
    lesson = make_lesson(old)
    write_notes(lesson, shared_note="Bars", own_note="Mine")
    make_assignment(old, "Sonatina")
    move(people)
    found = [Lesson.objects.get().teaching, Assignment.objects.get().teaching]
    assert [each.student for each in found] == [child, child]
    assert found == [kept or old] * 2
    assert OwnNote.objects.get().body == "Mine"


@pytest.mark.parametrize("is_aside", [True, False])
def test_whom_a_teacher_put_aside_can_be_moved(people: People, is_aside: bool) -> None:
    teacher, _guardian, child, placeholder = people
    make_teaching(teacher, placeholder)
    desk.snooze(student=placeholder, by=teacher, days=7, reason="Starts in May", now=timezone.now())
    if is_aside:
        make_teaching(teacher, child)
        desk.snooze(student=child, by=teacher, days=3, reason="Ill", now=timezone.now())
    assert not is_in_use(placeholder)
    move(people)
    reason = "Ill" if is_aside else "Starts in May"
    assert [(row.student, row.reason) for row in Snooze.objects.all()] == [(child, reason)]


def test_both_are_held_in_the_order_in_which_others_hold_several(people: People) -> None:
    """As whoever gives something to both of them: in another order each would wait for the other."""
    with CaptureQueriesContext(connection) as asked:
        move(people)
    first = next(query["sql"] for query in asked if "FOR UPDATE" in query["sql"])
    _teacher, _guardian, child, placeholder = people
    assert 'ORDER BY "accounts_student"."id" ASC FOR UPDATE' in first
    assert all(row.pk.hex in first.replace("-", "") for row in (child, placeholder))
