"""A row of weeks that is sent again, changed again, and told of."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.lessons import services
from apps.lessons.content import LessonContent, Repeat
from apps.lessons.models import Lesson
from apps.notifications.services import deliver_due
from apps.repertoire.services import KeyIsTaken
from tests.conftest import Cast

SignIn = Callable[[User], Client]
NOW = datetime(2027, 3, 10, tzinfo=UTC)
FIRST = LessonContent(wall=datetime(2027, 3, 18, 15, 30), minutes=30)


def plan(cast: Cast, key: UUID | None = None, until: date = date(2027, 4, 8)) -> list[Lesson]:
    return services.plan_series(
        key=key or uuid4(),
        teaching=cast.teaching,
        by=cast.teaching.teacher,
        content=FIRST,
        repeat=Repeat(weeks=1, until=until),
        now=NOW,
    ).lessons


def change(lesson: Lesson, to: LessonContent, *, following: bool = False, later: int = 0) -> None:
    services.change_lesson(
        lesson=lesson,
        by=lesson.teacher,
        content=to,
        reason="",
        version=None,
        now=NOW + timedelta(seconds=later),
        following=following,
    )


def test_a_longer_row_under_the_same_key_is_planned_to_its_end(cast: Cast) -> None:
    key = uuid4()
    assert len(plan(cast, key)) == len(plan(cast, key)) == 4
    assert len(plan(cast, key, date(2027, 5, 27))) == Lesson.objects.count() == 11
    with pytest.raises(KeyIsTaken):
        plan(cast, key, date(2027, 4, 8))


def test_a_lesson_that_was_deleted_is_not_planned_again(cast: Cast) -> None:
    key = uuid4()
    _first, second, *_rest = plan(cast, key)
    services.delete_lesson(lesson=second, by=second.teacher, now=NOW)
    assert len(plan(cast, key)) == 3


def test_those_that_follow_change_also_when_the_lesson_says_so_already(cast: Cast) -> None:
    _first, second, *_rest = plan(cast)
    to = LessonContent(wall=datetime(2027, 3, 25, 17), minutes=45)
    change(second, to)
    change(second, to, following=True)
    rows = list(Lesson.objects.order_by("starts_at"))
    assert [row.minutes for row in rows] == [30, 45, 45, 45]
    assert [row.wall.hour for row in rows] == [15, 17, 17, 17]


@pytest.mark.parametrize("also", ["cancelled", "moved"])
def test_that_a_row_moved_is_told_also_when_its_first_lesson_changes_once_more(cast: Cast, also: str) -> None:
    first, *_rest = plan(cast)
    change(first, LessonContent(wall=datetime(2027, 3, 19, 15, 30), minutes=30), following=True)
    first.refresh_from_db()
    if also == "moved":
        change(first, LessonContent(wall=datetime(2027, 3, 19, 16, 30), minutes=30), later=30)
    else:
        services.cancel_lesson(lesson=first, by=first.teacher, reason="", now=NOW + timedelta(seconds=30))
    mail.outbox.clear()
    deliver_due(clock=lambda: NOW + timedelta(minutes=2), limit=200)
    assert any("follow in this row" in str(letter.body) for letter in mail.outbox)


def test_words_that_wait_on_a_device_name_what_they_belong_to(
    cast: Cast, as_user: Callable[[User], Client]
) -> None:
    lesson = plan(cast)[0]
    page = as_user(cast.user("teacher")).get(reverse("lessons:lesson-notes", args=[lesson.pk]))
    version = page.content.decode().split('name="version"')[1].split(">")[0]
    assert "data-draft-kept" in version
