"""Two guardians send the same address a link at the same moment: the row lock makes it one."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import ReaderLink, Student, User
from apps.accounts.services import limits, reader_links
from apps.core.ownership import Subject
from apps.notifications.models import Delivery
from apps.privacy.models import Erasure
from apps.privacy.services.erasures import ask_erasure
from tests.accounts.test_join_race import at_once, refused
from tests.factories.accounts import make_guardianship, make_reader_link, make_student, make_user

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture
def family(settings: Any) -> tuple[Student, User, User]:
    settings.INVITATIONS_PER_ADDRESS_AND_DAY = settings.INVITATIONS_PER_SENDER_AND_DAY = 99
    student, one, two = make_student(), make_user("One"), make_user("Two")
    for guardian in (one, two):
        make_guardianship(student, guardian)
    return student, one, two


def send(student: Student, by: User) -> Callable[[], object]:
    return lambda: make_reader_link(student, by)


def test_one_address_gets_one_link(family: tuple[Student, User, User]) -> None:
    student, one, two = family
    for _ in range(ROUNDS):
        results = at_once(send(student, one), send(student, two))
        assert refused(results) == [services.AddressHasLink]
        assert ReaderLink.objects.live(timezone.now()).count() == 1
        assert Delivery.objects.filter(kind="accounts.reader-link").count() == 1
        Delivery.objects.all().delete()
        ReaderLink.objects.all().delete()


def test_without_the_lock_there_would_be_two(
    family: tuple[Student, User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the race is real, and it is the lock that decides it."""
    student, one, two = family
    both_have_read, spend = Barrier(2), limits.spend_a_mail

    def slow(**fields: Any) -> None:
        both_have_read.wait(timeout=10)
        spend(**fields)

    monkeypatch.setattr(reader_links, "spend_a_mail", slow)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
    assert refused(at_once(send(student, one), send(student, two))) == []
    assert ReaderLink.objects.count() == 2


def test_nobody_sends_one_while_the_diary_is_asked_to_be_erased(family: tuple[Student, User, User]) -> None:
    """Either the link comes first and ends with the asking, or it is refused."""
    student, one, two = family
    for _ in range(ROUNDS):
        results = at_once(
            send(student, one),
            lambda: ask_erasure(
                subject=Subject.STUDENT, key=student.pk, by=two, at_once=False, now=timezone.now()
            ),
        )
        assert refused(results) in ([], [services.OfferIsOver])
        assert not ReaderLink.objects.live(timezone.now()).exists()
        Erasure.objects.all().delete()
