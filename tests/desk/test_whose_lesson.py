"""The brief finds the lesson that is meant, and the timeline what has just happened."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.desk import services
from apps.desk.models import Snippet
from apps.desk.queries import brief_of
from apps.desk.queries.timeline import timeline_of
from tests.conftest import Cast
from tests.factories.assignments import make_assignment, place_assignment, step_of, work
from tests.factories.lessons import place_lesson
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_of_two_days_the_lesson_of_today(cast: Cast) -> None:
    now = datetime(2026, 11, 17, 9, tzinfo=UTC)
    yesterday = place_lesson(cast.teaching, now - 23 * HOUR)
    today = place_lesson(cast.teaching, now + HOUR)
    found = brief_of(cast.user("teacher"), cast.student, now=now)
    assert found is not None
    assert (found.lesson, found.last) == (today, yesterday)


def test_of_two_instruments_the_one_that_runs(cast: Cast) -> None:
    now = datetime(2026, 11, 17, 16, 15, tzinfo=UTC)
    violin = make_teaching(cast.user("teacher"), cast.student, "Violin")
    place_lesson(cast.teaching, now - timedelta(minutes=45))
    runs = place_lesson(violin, now - timedelta(minutes=15))
    found = brief_of(cast.user("teacher"), cast.student, now=now)
    assert found is not None
    assert found.lesson == runs


def test_with_a_lesson_every_day_today_and_the_last_are_found(cast: Cast) -> None:
    now = datetime(2026, 11, 16, 9, tzinfo=UTC)
    rows = [place_lesson(cast.teaching, now + HOUR + number * DAY) for number in range(10)]
    last = place_lesson(cast.teaching, now - 2 * DAY)
    found = brief_of(cast.user("teacher"), cast.student, now=now)
    assert found is not None
    assert (found.lesson, found.last) == (rows[0], last)


def test_what_is_given_goes_to_the_instrument_of_the_lesson(cast: Cast, as_user: SignIn) -> None:
    zither = make_teaching(cast.user("teacher"), cast.student, "Zither")
    lesson = place_lesson(zither, timezone.now() + HOUR)
    page = as_user(cast.user("teacher")).get(reverse("desk:brief", args=[cast.student.pk])).content.decode()
    assert f'name="lesson" value="{lesson.pk}"' in page
    assert f'name="students" value="{zither.pk}"' in page


def test_the_timeline_holds_what_was_given_after_midnight(cast: Cast) -> None:
    Student.objects.filter(pk=cast.student.pk).update(time_zone="Europe/Berlin", day_ends_at_hour=3)
    cast.student.refresh_from_db()
    now = datetime(2027, 11, 18, 0, 30, tzinfo=UTC)
    row = place_assignment(cast.teaching, created_at=now - timedelta(minutes=45))
    days = timeline_of(cast.user("teacher"), cast.student, None, now=now).days
    assert row in [item.row for day in days for item in day.items]


def test_the_timeline_says_nothing_of_what_another_teacher_gave(cast: Cast) -> None:
    work(step_of(make_assignment(cast.second_teaching, "Another's")), cast.user("student"))
    mine = make_assignment(cast.teaching, "Mine")
    work(step_of(mine), cast.user("student"))
    days = timeline_of(cast.user("teacher"), cast.student, None, now=timezone.now()).days
    done = [item.row for day in days for item in day.items if item.kind == "done"]
    assert [row.step.assignment for row in done] == [mine]


def test_a_snippet_with_other_words_is_another_one(cast: Cast) -> None:
    key, teacher, now = uuid4(), cast.user("teacher"), timezone.now()
    services.add_snippet(key=key, by=cast.user("second_teacher"), body="Theirs", now=now)
    for body in ("One", "Two"):
        services.add_snippet(key=key, by=teacher, body=body, now=now)
    assert sorted(Snippet.objects.filter(owner=teacher).values_list("body", flat=True)) == ["One", "Two"]
