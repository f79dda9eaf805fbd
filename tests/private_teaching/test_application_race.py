"""Two answers at the same moment: exactly one wins. And without the lock, both would."""

from threading import Barrier
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.private_teaching import queries, services
from apps.private_teaching.models import Application, Teaching
from tests.accounts.test_join_race import at_once, refused
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import make_application, make_page

pytestmark = pytest.mark.django_db(transaction=True)


def accept(row: Application) -> Any:
    return lambda: services.accept(application=row, by=row.teacher, now=timezone.now())


def two_who_ask(places: int = 1) -> list[Application]:
    """One teacher, two families."""
    teacher = make_user("Thea")
    make_page(teacher, places=places)
    rows = []
    for number in range(2):
        child, parent = make_student(f"Child {number}"), make_user(f"Parent {number}")
        make_guardianship(child, parent)
        rows.append(make_application(teacher, child, parent))
    return rows


def test_two_accepts_for_the_last_place() -> None:
    rows = two_who_ask()
    for _ in range(5):
        Teaching.objects.all().delete()
        Application.objects.update(state="pending", ended_at=None, teaching=None)
        assert refused(at_once(*map(accept, rows))) == [services.NoPlaceLeft]
        assert Teaching.objects.count() == 1
        assert Application.objects.filter(state="pending").count() == 1


def test_without_the_lock_both_would_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the race is real, and it is the lock of the teacher's page that decides it."""
    rows = two_who_ask()
    both_have_counted = Barrier(2)
    free_places = queries.free_places

    def slow(*args: Any, **more: Any) -> int:
        found = free_places(*args, **more)
        both_have_counted.wait(timeout=10)
        return found

    monkeypatch.setattr(queries, "free_places", slow)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
    assert refused(at_once(*map(accept, rows))) == []
    assert Teaching.objects.count() == 2


def test_accept_against_taking_back() -> None:
    rows = two_who_ask(places=9)
    for row in rows:
        parent = row.applied_by
        assert parent is not None

        def take_back(row: Application = row, parent: User = parent) -> None:
            services.withdraw(application=row, by=parent, now=timezone.now())

        assert refused(at_once(accept(row), take_back)) == [services.ApplicationIsOver]
        row.refresh_from_db()
        assert (row.state == "accepted") is Teaching.objects.filter(student=row.student).exists()


def test_accept_against_suspension() -> None:
    """Either the lessons begin before, or the request is closed: never a yes afterwards."""
    row, other = two_who_ask(places=9)
    staff = make_user("Kim")

    def suspend() -> None:
        profile = row.teacher.teacher_profile
        services.suspend_page(profile=profile, reason="So", by=staff, now=timezone.now())

    found = refused(at_once(accept(row), suspend))
    row.refresh_from_db()
    other.refresh_from_db()
    assert other.state == "expired"
    assert row.state == ("expired" if found else "accepted")
    assert found in ([], [services.ApplicationIsOver])


def test_two_parents_ask_at_once() -> None:
    teacher, child = make_user("Thea"), make_student()
    page = make_page(teacher)
    parents = [make_user(f"Parent {number}") for number in range(2)]
    for parent in parents:
        make_guardianship(child, parent)

    def ask(parent: User, child: Student = child) -> Any:
        return lambda: services.apply_to(
            profile=page.pk, student=child, by=parent, instrument="Cello", body="Hello", now=timezone.now()
        )

    assert refused(at_once(*map(ask, parents))) == [services.AskedAlready]
    assert Application.objects.count() == 1
