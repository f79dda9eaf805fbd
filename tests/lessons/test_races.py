"""Two tabs plan two lessons for the same time at the same moment."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from apps.lessons import services
from apps.lessons.content import LessonContent
from apps.lessons.models import NO_OVERLAP, Lesson
from apps.private_teaching.models import Teaching
from tests.factories.accounts import make_student, make_user
from tests.factories.lessons import wall_of
from tests.factories.private_teaching import make_teaching
from tests.practice.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)
# A thousand have been run; each costs a few milliseconds.
ROUNDS = int(os.environ.get("WOODSHED_RACE_ROUNDS", "5"))


@pytest.fixture
def pair() -> tuple[Teaching, Teaching]:
    """Two pupils of one teacher: neither's lock holds the other."""
    teacher = make_user("Anna")
    return make_teaching(teacher, make_student("Mia")), make_teaching(teacher, make_student("Ben"))


def plan(teaching: Teaching, at: datetime) -> Lesson:
    return services.plan_lesson(
        key=uuid4(),
        teaching=teaching,
        by=teaching.teacher,
        content=LessonContent(wall=wall_of(at, "UTC"), minutes=30),
        now=timezone.now(),
    )


def race(pair: tuple[Teaching, Teaching]) -> list[object]:
    at = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    later = at + timedelta(minutes=10)
    return together(lambda: plan(pair[0], at), lambda: plan(pair[1], later))


def test_of_two_lessons_at_once_one_is_planned(pair: tuple[Teaching, Teaching]) -> None:
    for _ in range(ROUNDS):
        Lesson.objects.all().delete()
        kinds = sorted(type(result).__name__ for result in race(pair))
        assert kinds == ["Lesson", "LessonOverlaps"]
        assert Lesson.objects.count() == 1


@pytest.fixture
def no_guard() -> Iterator[None]:
    """The database without its constraint; it comes back when no two lessons meet any more."""
    [constraint] = [each for each in Lesson._meta.constraints if each.name == NO_OVERLAP]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Lesson, constraint)
    yield
    Lesson.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Lesson, constraint)


def test_without_the_constraint_both_are_planned(no_guard: None, pair: tuple[Teaching, Teaching]) -> None:
    """The control."""
    for _ in range(ROUNDS):
        Lesson.objects.all().delete()
        assert [type(result).__name__ for result in race(pair)] == ["Lesson", "Lesson"]
        assert Lesson.objects.count() == 2
