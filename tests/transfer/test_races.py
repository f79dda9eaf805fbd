"""Two connections at the same moment: two presses for one import, one file brought by two people, a worker
that was given up and goes on all the same."""

import io
import threading
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.core.models import AuditEvent
from apps.practice.models import PracticeDay, PracticeEntry
from apps.transfer import services
from apps.transfer.models import Import, ImportRow, ImportState
from apps.transfer.services import choosing, diaries, importing, leases
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.practice.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 3
People = tuple[Student, User, User]


@pytest.fixture
def people() -> People:
    """A student and two guardians."""
    student, users = make_student(), (make_user("Ada"), make_user("Bob"))
    for user in users:
        make_guardianship(student, user)
    return student, *users


def checked(student: Student, by: User) -> Import:
    day = student.today(timezone.now())
    text = "Date,Minutes,Piece\n" + "".join(f"{day},{10 + n},Song {n}\n" for n in range(ROWS))
    batch = services.begin_import(
        student=student, by=by, name="a.csv", file=io.BytesIO(text.encode()), now=timezone.now()
    )
    services.ask_check(batch=batch, mapping=batch.mapping, options=batch.options)
    services.run_now(batch=batch, clock=timezone.now)
    batch.refresh_from_db()
    assert batch.state == "checked"
    return batch


def press(ask: Callable[..., Import], batch: Import, by: User) -> Callable[[], str]:
    def go_on() -> str:
        ask(batch=batch, by=by, now=timezone.now())
        services.run_now(batch=batch, clock=timezone.now)
        return "went on"

    return go_on


def said(results: Sequence[object]) -> Counter[str]:
    return Counter(result if isinstance(result, str) else type(result).__name__ for result in results)


def look_without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both look before either has written."""
    both_looked = threading.Barrier(2)

    def look(batch: Import, states: Collection[ImportState]) -> Import | None:
        found = Import.objects.filter(pk=batch.pk, state__in=states).first()
        both_looked.wait(5)
        return found

    monkeypatch.setattr(choosing, "_held", look)


def minutes_of(student: Student) -> int:
    return sum(PracticeDay.objects.filter(student=student).values_list("minutes", flat=True))


def times(action: str, batch: Import) -> int:
    return AuditEvent.objects.filter(action=action, target_id=batch.pk).count()


def test_confirmed_twice_at_once_it_goes_in_once(people: People) -> None:
    student, one, other = people
    for turn in range(1, 4):
        PracticeEntry.objects.all().delete()
        batch = checked(student, one)
        results = together(*(press(services.ask_import, batch, user) for user in (one, other)))
        assert said(results) == {"went on": 1, "NotNow": 1}, turn
        batch.refresh_from_db()
        assert (batch.state, batch.added) == ("done", ROWS)
        assert PracticeEntry.objects.kept().filter(student=student).count() == ROWS
        assert times("import.started", batch) == 1
        assert services.run_due(clock=timezone.now) == 0
    assert minutes_of(student) == 10 + 11 + 12


def test_without_the_lock_both_go_on(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control. The key of each entry still keeps it from coming twice."""
    student, one, other = people
    batch = checked(student, one)
    look_without_lock(monkeypatch)
    results = together(*(press(services.ask_import, batch, user) for user in (one, other)))
    assert said(results) == {"went on": 2}
    assert times("import.started", batch) == 2
    services.run_due(clock=timezone.now)
    assert PracticeEntry.objects.kept().filter(student=student).count() == ROWS


def brought(student: Student, by: User) -> Import:
    batch = checked(student, by)
    press(services.ask_import, batch, by)()
    batch.refresh_from_db()
    assert (batch.state, batch.added) == ("done", ROWS)
    return batch


def test_of_two_undos_at_once_one_takes_it_back(people: People) -> None:
    student, one, other = people
    for _ in range(3):
        batch = brought(student, one)
        results = together(*(press(services.ask_undo, batch, user) for user in (one, other)))
        assert said(results) == {"went on": 1, "NotNow": 1}
        batch.refresh_from_db()
        assert (batch.state, batch.removed) == ("undone", ROWS)
        assert times("import.undone", batch) == 1
        assert not PracticeEntry.objects.kept().filter(student=student).exists()
        assert minutes_of(student) == 0


def test_without_the_lock_both_undo(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    student, one, other = people
    batch = brought(student, one)
    look_without_lock(monkeypatch)
    results = together(*(press(services.ask_undo, batch, user) for user in (one, other)))
    assert said(results) == {"went on": 2}
    assert times("import.undone", batch) == 2


def bring_both(student: Student, one: User, other: User) -> list[int]:
    """The same file, looked through by two people before either lets it in; how many each has added."""
    batches = [checked(student, user) for user in (one, other)]
    works = zip(batches, (one, other), strict=True)
    results = together(*(press(services.ask_import, batch, user) for batch, user in works))
    assert said(results) == {"went on": 2}
    for batch in batches:
        batch.refresh_from_db()
    assert [batch.state for batch in batches] == ["done"] * 2
    return sorted(batch.added for batch in batches)


def test_one_file_brought_by_two_people_at_once_is_in_once(people: People) -> None:
    student, one, other = people
    for _ in range(3):
        ImportRow.objects.all().delete()
        Import.objects.all().delete()
        PracticeEntry.objects.all().delete()
        PracticeDay.objects.all().delete()
        assert bring_both(student, one, other) == [0, ROWS]
        assert PracticeEntry.objects.kept().filter(student=student).count() == ROWS
        assert minutes_of(student) == 10 + 11 + 12


def test_without_the_students_lock_it_is_in_twice(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: each compares with a diary in which the other's sessions are not yet."""
    student, one, other = people
    both_compared = threading.Barrier(2)
    known = importing._known

    def compare(*given: Any) -> set[int]:
        found = known(*given)
        both_compared.wait(5)
        return found

    monkeypatch.setattr(importing, "hold", lambda _student: None)
    monkeypatch.setattr(importing, "_known", compare)
    assert bring_both(student, one, other) == [ROWS, ROWS]
    assert PracticeEntry.objects.kept().filter(student=student).count() == 2 * ROWS


def overtake(
    people: People, monkeypatch: pytest.MonkeyPatch, keep: Callable[..., None]
) -> tuple[Import, list[object], int]:
    """A worker hangs in the middle of its piece until its lease is over and another one has the import; what
    came of both, and how many pieces were written."""
    student, by, _other = people
    batch = checked(student, by)
    services.ask_import(batch=batch, by=by, now=timezone.now())
    is_in_the_middle, is_taken = threading.Event(), threading.Event()
    note, hold = importing._note, diaries.hold
    written: list[int] = []

    def hang(*given: Any) -> int:
        if not is_in_the_middle.is_set():
            is_in_the_middle.set()
            assert is_taken.wait(10)
        return note(*given)

    def tell(student: UUID) -> Student:
        """The other one has its rows, and waits for the student's lock."""
        if is_in_the_middle.is_set():
            is_taken.set()
        return hold(student)

    def count(batch: Import, **values: Any) -> None:
        keep(batch, **values)
        transaction.on_commit(lambda: written.append(values["rows_done"]))

    monkeypatch.setattr(importing, "_note", hang)
    monkeypatch.setattr(importing, "keep", count)
    monkeypatch.setattr(importing, "hold", tell)
    later = timezone.now() + leases.LEASE + timedelta(minutes=1)

    def slow() -> bool:
        return services.run_now(batch=batch, clock=timezone.now)

    def quick() -> int:
        assert is_in_the_middle.wait(10)
        return services.run_due(clock=lambda: later)

    results = together(slow, quick)
    batch.refresh_from_db()
    return batch, results, len(written)


def test_a_worker_that_was_given_up_writes_nothing(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, results, written = overtake(people, monkeypatch, leases.keep)
    assert (results, written) == ([True, 1], 1)
    assert (batch.state, batch.added, batch.rows_done, batch.last_error) == ("done", ROWS, ROWS, "")
    assert PracticeEntry.objects.kept().count() == ROWS


def test_without_the_lease_both_write_it(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control. The key of each entry still keeps it from coming twice."""

    def keep(batch: Import, *, now: datetime, **values: object) -> None:
        Import.objects.filter(pk=batch.pk).update(**values)

    _batch, _results, written = overtake(people, monkeypatch, keep)
    assert written == 2
    assert PracticeEntry.objects.kept().count() == ROWS
