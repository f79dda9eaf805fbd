"""Two uploads at the same moment, for the last place that an entry has."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.core.adding import TooMany
from apps.evidence import services
from apps.evidence.content import a_note, a_picture
from apps.evidence.models import Evidence
from apps.practice.models import PracticeEntry
from tests.factories.accounts import make_student, make_user
from tests.factories.consent import make_consent
from tests.factories.evidence import drawn, make_evidence
from tests.factories.practice import make_entry
from tests.practice.test_concurrency import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]
Work = Callable[[], object]


@pytest.fixture
def nearly_full() -> tuple[PracticeEntry, User]:
    """With one place left."""
    user = make_user("Solo")
    student = make_student("Solo", user=user)
    make_consent(student, user)
    entry = make_entry(student, user)
    for number in range(4):
        make_evidence(entry, user, f"Number {number}")
    return entry, user


def adding(entry: PracticeEntry, user: User, key: UUID | None = None) -> Work:
    content = a_picture(drawn(), "screen.png")
    return lambda: (
        services.add_evidence(
            key=key or uuid4(), about=entry, by=user, content=content, now=timezone.now()
        ).pk
    )


def test_of_two_at_once_one_finds_the_place(nearly_full: tuple[PracticeEntry, User], on_disk: Any) -> None:
    for _ in range(3):
        Evidence.objects.filter(kind="screenshot").delete()
        before = len(on_disk())
        results = together(adding(*nearly_full), adding(*nearly_full))
        assert sorted(type(result).__name__ for result in results) == ["TooMany", "UUID"]
        assert Evidence.objects.count() == 5
        assert len(on_disk()) == before + 1


def test_without_the_lock_both_do(
    nearly_full: tuple[PracticeEntry, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each counts before the other has written."""
    both_counted, count = threading.Barrier(2), services.require_room

    def look(student_id: UUID) -> Student:
        return Student.objects.get(pk=student_id)

    def wait(*given: Any) -> None:
        count(*given)
        both_counted.wait(5)

    monkeypatch.setattr(services, "lock_student", look)
    monkeypatch.setattr(services, "require_room", wait)
    # Marks of teachers are written under the same lock; nobody teaches here.
    results = together(adding(*nearly_full), adding(*nearly_full))
    assert [type(result).__name__ for result in results] == ["UUID", "UUID"]
    assert Evidence.objects.count() == 6


def test_one_form_sent_twice_at_once_adds_once(nearly_full: tuple[PracticeEntry, User], on_disk: Any) -> None:
    key = uuid4()
    results = together(adding(*nearly_full, key), adding(*nearly_full, key))
    assert results == [key, key]
    assert (Evidence.objects.count(), len(on_disk())) == (5, 1)


def test_what_is_deleted_at_that_moment_makes_room_or_not_and_nothing_else(
    nearly_full: tuple[PracticeEntry, User],
) -> None:
    entry, user = nearly_full
    last = make_evidence(entry, user, "Number 5")

    def delete() -> object:
        return services.delete_evidence(evidence=last, by=user, now=timezone.now())

    def add() -> object:
        content = a_note("One more")
        return services.add_evidence(key=uuid4(), about=entry, by=user, content=content, now=timezone.now())

    results = together(delete, add)
    assert results[0] is None
    assert Evidence.objects.kept().count() == (4 if isinstance(results[1], TooMany) else 5)
