"""Two guardians at the same moment, and a write beside a withdrawal: the row lock gives them an order."""

from collections.abc import Callable
from threading import Barrier
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.services import CollectionIsOff
from apps.consent import queries, services
from apps.consent.models import Confirmation, ConsentEvent, Purpose
from apps.practice import services as practice
from apps.practice.content import EntryContent
from apps.practice.models import PracticeEntry
from tests.accounts.test_join_race import at_once, refused
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.consent import WORDS, make_consent

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture
def family() -> tuple[Student, User, User]:
    student, one, two = make_student(), make_user("One"), make_user("Two")
    for guardian in (one, two):
        make_guardianship(student, guardian)
    return student, one, two


def give(student: Student, by: User) -> Callable[[], object]:
    return lambda: services.give_consent(
        student=student, purpose=Purpose.CORE, version=WORDS, by=by, now=timezone.now()
    )


def withdraw(student: Student, by: User) -> Callable[[], object]:
    return lambda: services.withdraw_consent(student=student, purpose=Purpose.CORE, by=by, now=timezone.now())


def test_one_gives_while_the_other_withdraws(family: tuple[Student, User, User]) -> None:
    """Whoever comes last has the last word, and the switch says the same."""
    student, one, two = family
    make_consent(student, one)
    for _ in range(ROUNDS):
        assert refused(at_once(give(student, one), withdraw(student, two))) == []
        assert list(queries.drifted()) == []


def test_two_who_say_the_same_say_it_once(family: tuple[Student, User, User]) -> None:
    student, one, two = family
    for _ in range(ROUNDS):
        make_consent(student, one, given=False)
        before = ConsentEvent.objects.count()
        results = at_once(give(student, one), give(student, two))
        assert (refused(results), results.count(None)) == ([], 1)
        assert ConsentEvent.objects.count() == before + 1


def test_a_link_is_used_once(family: tuple[Student, User, User]) -> None:
    student, one, _two = family
    for _ in range(ROUNDS):
        make_consent(student, one, given=False)
        give(student, one)()
        link = Confirmation.objects.latest("event")

        def press(link: Confirmation = link) -> object:
            return services.revoke_by_link(
                confirmation=Confirmation.objects.get(pk=link.pk), now=timezone.now()
            )

        assert refused(at_once(press, press)) == [services.LinkIsOver]


def test_what_is_written_while_somebody_stops_the_diary(family: tuple[Student, User, User]) -> None:
    """Either before the stop, or not at all."""
    student, one, two = family
    now = timezone.now()
    content = EntryContent(practised_on=student.today(now), minutes=1, description="Slowly, both hands")
    for _ in range(ROUNDS):
        make_consent(student, one)
        before = PracticeEntry.objects.count()
        results = at_once(
            lambda: practice.log_entry(key=uuid4(), student=student, by=one, content=content, now=now),
            withdraw(student, two),
        )
        written = PracticeEntry.objects.count() - before
        assert (refused(results), written) in (([], 1), ([CollectionIsOff], 0))
        assert not Student.objects.get(pk=student.pk).collecting


def test_without_the_lock_both_would_say_it(
    family: tuple[Student, User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the race is real, and it is the lock that decides it."""

    student, one, two = family
    both_have_read, last_word = Barrier(2), queries.last_word

    def slow(*args: object) -> ConsentEvent | None:
        found = last_word(*args)  # type: ignore[arg-type]
        both_have_read.wait(timeout=10)
        return found

    monkeypatch.setattr(queries, "last_word", slow)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
    make_consent(student, one, given=False)
    assert at_once(give(student, one), give(student, two)).count(None) == 0
