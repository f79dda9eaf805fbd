"""Logging, changing and deleting: what is stored, counted and marked new."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.practice import services
from apps.practice.models import NewMark, PracticeDay, PracticeEntry
from apps.practice.services import EntryContent, Line
from tests.conftest import Cast
from tests.factories.practice import make_entry


def parts(cast: Cast) -> set[tuple[bool, object, int, int]]:
    rows = PracticeDay.objects.filter(student=cast.student)
    return set(rows.values_list("is_private", "addressed_to", "sessions", "minutes"))


def test_a_day_is_summed_per_audience(cast: Cast) -> None:
    assert parts(cast) == {
        (False, None, 1, 30),
        (True, None, 1, 30),
        (False, cast.second_teaching.pk, 1, 30),
    }


def test_a_change_moves_the_minutes_to_the_new_day_and_audience(cast: Cast) -> None:
    yesterday = cast.entry.practised_on - timedelta(days=1)
    services.change_entry(
        entry=cast.entry,
        by=cast.user("guardian"),
        content=EntryContent(
            practised_on=yesterday, minutes=45, is_private=True, description="Scales, slowly"
        ),
        now=timezone.now(),
    )
    rows = set(PracticeDay.objects.values_list("practised_on", "is_private", "addressed_to", "minutes"))
    assert rows == {
        (yesterday, True, None, 45),
        (cast.entry.practised_on, True, None, 30),
        (cast.entry.practised_on, False, cast.second_teaching.pk, 30),
    }
    assert not NewMark.objects.filter(entry=cast.entry).exists()


def test_marks_follow_who_may_read(cast: Cast) -> None:
    marks = set(NewMark.objects.values_list("entry", "teaching"))
    assert marks == {
        (cast.entry.pk, cast.teaching.pk),
        (cast.entry.pk, cast.second_teaching.pk),
        (cast.addressed_entry.pk, cast.second_teaching.pk),
    }


def test_the_same_key_saves_once(cast: Cast) -> None:
    key, now = uuid4(), timezone.now()
    content = EntryContent(practised_on=cast.student.today(now), minutes=10, lines=[Line("Etude")])
    call = {"key": key, "student": cast.student, "by": cast.user("student"), "content": content, "now": now}
    services.log_entry(**call)  # type: ignore[arg-type]
    with pytest.raises(services.EntryAlreadyLogged):
        services.log_entry(**call)  # type: ignore[arg-type]
    assert PracticeEntry.objects.filter(student=cast.student, minutes=10).count() == 1


@pytest.mark.parametrize("minutes", [301, 1440])
def test_a_taught_student_splits_long_sessions(cast: Cast, minutes: int) -> None:
    with pytest.raises(services.SessionIsTooLong) as error:
        make_entry(cast.student, cast.user("student"), minutes=minutes)
    assert error.value.limit == 300


def test_a_day_has_1440_minutes(cast: Cast) -> None:
    for _ in range(4):
        make_entry(cast.student, cast.user("student"), minutes=300)
    make_entry(cast.student, cast.user("student"), minutes=150)
    with pytest.raises(services.DayIsTooLong):
        make_entry(cast.student, cast.user("student"), minutes=1)


def test_logging_costs_few_queries(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(7):  # savepoint and release included
        make_entry(cast.student, cast.user("student"))
