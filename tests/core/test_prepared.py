"""A prepared statement gives what the queryset gives, for everybody, and refuses what it cannot prove."""

from datetime import date, timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, connections
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Student, User
from apps.core.access import allowed
from apps.core.prepared import CannotBePrepared, Prepared
from apps.practice.models import PracticeEntry
from tests.conftest import Cast
from tests.factories.accounts import make_student


def readable(user: UUID, student: UUID, since: date) -> QuerySet[PracticeEntry]:
    entries = PracticeEntry.objects.filter(student=student, practised_on__gte=since)
    return allowed(entries, "view", User(pk=user)).select_related("logged_by").order_by("pk")


def test_it_answers_like_the_queryset_for_each_person(cast: Cast) -> None:
    prepared = Prepared(readable, user=UUID, student=UUID, since=date)
    since = timezone.now().date() - timedelta(days=9)
    for person in vars(cast.people).values():
        values = {"user": person.pk, "student": cast.student.pk, "since": since}
        assert prepared(**values) == list(readable(**values))


def test_each_value_goes_to_its_own_place(cast: Cast) -> None:
    prepared = Prepared(readable, user=UUID, student=UUID, since=date)
    family = {"user": cast.user("guardian").pk, "student": cast.student.pk}
    assert len(prepared(**family, since=date(2026, 1, 1))) == 3
    assert prepared(**family, since=timezone.now().date() + timedelta(days=2)) == []
    assert prepared(user=cast.student.pk, student=cast.user("guardian").pk, since=date(2026, 1, 1)) == []


def test_related_rows_come_along(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    prepared = Prepared(readable, user=UUID, student=UUID, since=date)
    with django_assert_num_queries(1):
        found = prepared(user=cast.user("guardian").pk, student=cast.student.pk, since=date(2026, 1, 1))
        loggers = {entry.logged_by.pk for entry in found if entry.logged_by}
    assert loggers == {cast.user("guardian").pk, cast.user("student").pk}


def test_what_depends_on_a_clock_of_its_own_is_refused() -> None:
    def build(student: UUID) -> QuerySet[Student]:
        return Student.objects.filter(pk=student, created_at__lt=timezone.now())

    with pytest.raises(CannotBePrepared, match="neither"):
        Prepared(build, student=UUID)(student=uuid4())


def test_a_day_of_its_own_is_noticed_in_every_run_of_the_tests() -> None:
    """A day is the same in two builds of one moment, so ``Prepared`` cannot see it; ``conftest`` does."""

    def build(student: UUID) -> QuerySet[Student]:
        return Student.objects.filter(pk=student, birth_month__lt=timezone.now().date())

    with pytest.raises(AssertionError, match="it keeps the day"):
        Prepared(build, student=UUID)(student=uuid4())


def test_a_statement_that_changes_its_shape_is_refused() -> None:
    def build(student: UUID) -> QuerySet[Student]:
        found = Student.objects.filter(pk=student)
        return found if student.int % 256 < 50 else found.exclude(name="x")

    with pytest.raises(CannotBePrepared, match="depends on the values"):
        Prepared(build, student=UUID)(student=uuid4())


def test_a_value_that_is_not_in_the_statement_is_refused() -> None:
    def build(student: UUID, user: UUID) -> QuerySet[Student]:
        return Student.objects.filter(pk=student)

    with pytest.raises(CannotBePrepared, match="user"):
        Prepared(build, student=UUID, user=UUID)(student=uuid4(), user=uuid4())


def test_a_value_that_was_changed_on_the_way_is_refused() -> None:
    def build(since: date) -> QuerySet[PracticeEntry]:
        return PracticeEntry.objects.filter(practised_on__gt=since - timedelta(days=1))

    with pytest.raises(CannotBePrepared, match="neither"):
        Prepared(build, since=date)(since=date(2026, 1, 1))


def test_the_database_keeps_the_statement_and_the_log_shows_it(cast: Cast) -> None:
    def build(student: UUID) -> QuerySet[Student]:
        return Student.objects.filter(pk=student, name="kept by the database")

    prepared = Prepared(build, student=UUID)
    with CaptureQueriesContext(connection) as found:
        prepared(student=cast.student.pk)
        prepared(student=uuid4())
    assert [query["sql"].count("%s") for query in found.captured_queries] == [2, 2]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans FROM pg_prepared_statements WHERE position(%s in statement) > 0",
            ['"accounts_student"."name" = $'],
        )
        assert (2,) in cursor.fetchall()


def test_rows_of_values_come_as_dicts_and_tuples(cast: Cast) -> None:
    def dicts(student: UUID) -> QuerySet[Student, Any]:
        return Student.objects.filter(pk=student).values("name")

    def pairs(student: UUID) -> QuerySet[Student, tuple[UUID, str]]:
        return Student.objects.filter(pk=student).values_list("pk", "name")

    student = cast.student
    assert Prepared(dicts, student=UUID)(student=student.pk) == [{"name": student.name}]
    assert Prepared(pairs, student=UUID)(student=student.pk) == [(student.pk, student.name)]


def students(student: UUID) -> QuerySet[Student]:
    return Student.objects.filter(pk=student)


def hang_up(pid: int) -> None:
    """What a restart of the database does to a kept connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_since_the_last_request_is_replaced() -> None:
    student, prepared = make_student(), Prepared(students, student=UUID)
    assert prepared(student=student.pk) == [student]
    assert isinstance(connection.connection, psycopg.Connection)
    other = Thread(target=hang_up, args=[connection.connection.info.backend_pid])
    other.start()
    other.join()
    # A request begins: whatever asks first must look whether the connection is still there.
    vars(connections["default"]).update(health_check_enabled=True, health_check_done=False)
    assert prepared(student=student.pk) == [student]
