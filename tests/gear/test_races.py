"""Two connections at the same moment: two changes of one thing, two names for the last free place."""

import threading
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.gear import services
from apps.gear.content import GearContent
from apps.gear.models import Gear
from apps.gear.services import gear as writing
from tests.factories.accounts import make_student, make_user
from tests.factories.gear import make_gear
from tests.practice.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def solo() -> tuple[Student, User]:
    user = make_user("Solo")
    return make_student("Solo", user=user), user


def rename_at_once(gear: Gear, by: User) -> list[str]:
    """Both were drawn from the same version, with other names."""

    def rename(name: str) -> str:
        content = GearContent(name=name)
        now = timezone.now()
        return services.change_gear(gear=gear, by=by, content=content, now=now, version="").name

    results = together(lambda: rename("Viola"), lambda: rename("Cello"))
    return sorted(name if isinstance(name, str) else type(name).__name__ for name in results)


def test_of_two_changes_at_once_one_is_asked(solo: tuple[Student, User]) -> None:
    student, user = solo
    for _ in range(3):
        Gear.objects.all().delete()
        results = rename_at_once(make_gear(student, user), user)
        assert results in (["Cello", "ChangedMeanwhile"], ["ChangedMeanwhile", "Viola"])
        assert Gear.objects.get().name in results


def test_without_the_locks_both_believe_that_they_are_kept(
    solo: tuple[Student, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each looks before the other has written."""
    student, user = solo
    gear = make_gear(student, user)
    both_looked = threading.Barrier(2)

    def look(row: Gear, action: str, by: User) -> Gear:
        found = Gear.objects.get(pk=row.pk)
        both_looked.wait(5)
        return found

    monkeypatch.setattr(writing, "lock_student", lambda pk: Student.objects.get(pk=pk))
    monkeypatch.setattr(writing, "lock_row", look)
    assert rename_at_once(gear, user) == ["Cello", "Viola"]


def add_at_once(student: Student, by: User) -> list[object]:
    def add(name: str) -> str:
        content = GearContent(name=name)
        now = timezone.now()
        return services.add_gear(key=uuid4(), student=student, by=by, content=content, now=now).name

    return together(lambda: add("Viola"), lambda: add("Cello"))


def test_the_last_place_is_taken_once(solo: tuple[Student, User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_GEAR", 1)
    results = add_at_once(*solo)
    assert "TooMany" in {type(result).__name__ for result in results}
    assert Gear.objects.count() == 1


def test_without_the_lock_it_is_taken_twice(
    solo: tuple[Student, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each counts before the other has written."""
    both_counted = threading.Barrier(2)

    class Bound(int):
        def __le__(self, counted: int, /) -> bool:
            both_counted.wait(5)
            return super().__le__(counted)

    monkeypatch.setattr(writing, "MOST_GEAR", Bound(1))
    monkeypatch.setattr(writing, "lock_student", lambda pk: Student.objects.get(pk=pk))
    assert sorted(map(str, add_at_once(*solo))) == ["Cello", "Viola"]
    assert Gear.objects.count() == 2
