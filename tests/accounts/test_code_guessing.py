"""Nobody finds a code by trying: not from one place, not from many, not all at once."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services, tasks
from apps.accounts.codes import code_from
from apps.accounts.models import CodeAttempt, Student
from tests.accounts.test_codes import HERE, enter, find, make_code
from tests.accounts.test_join_race import at_once, refused
from tests.conftest import Cast
from tests.factories.accounts import make_student
from tests.factories.private_teaching import make_teaching

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover


@pytest.fixture
def leo(cast: Cast) -> Student:
    student = make_student("Leo")
    make_teaching(cast.user("teacher"), student)
    return student


def guess(number: int) -> str:
    return code_from(number.to_bytes(32))


def test_ten_thousand_guesses_from_one_place_look_at_thirty(cast: Cast, leo: Student) -> None:
    """Also the right code is refused then: else guessing would only have to go on."""
    row = make_code(leo, cast.user("teacher"))
    answers = {services.NoSuchCode: 0, services.TooManyTries: 0}
    for number in range(10_000):
        try:
            find(guess(number))
        except (services.NoSuchCode, services.TooManyTries) as error:
            answers[type(error)] += 1
    assert answers == {services.NoSuchCode: 30, services.TooManyTries: 9970}
    with pytest.raises(services.TooManyTries):
        find(row.code)
    assert find(row.code, source="198.51.100.1") == row
    assert CodeAttempt.objects.count() == 30


def test_one_subscribers_many_addresses_are_one_place(cast: Cast, leo: Student) -> None:
    """Who has an IPv6 network tries from as many addresses as they like."""
    for number in range(30):
        with pytest.raises(services.NoSuchCode):
            find(guess(number), source=f"2001:db8:0:7::{number:x}")
    with pytest.raises(services.TooManyTries):
        find(guess(31), source="2001:db8:0:7:ffff::1")
    with pytest.raises(services.NoSuchCode):
        find(guess(31), source="2001:db8:0:8::1")


def test_guesses_from_everywhere_together(cast: Cast, leo: Student, settings: LazySettings) -> None:
    settings.CODE_TRIES_PER_HOUR = 40
    refusals = []
    for number in range(60):
        with pytest.raises((services.NoSuchCode, services.TooManyTries)) as caught:
            find(guess(number), source=f"203.0.113.{number}")
        refusals.append(caught.type)
    assert refusals == [services.NoSuchCode] * 40 + [services.TooManyTries] * 20


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_count_each_other(settings: LazySettings) -> None:
    settings.CODE_TRIES_PER_SOURCE_AND_HOUR = 3
    results = at_once(*[lambda number=number: find(guess(number)) for number in range(8)])
    assert refused(results).count(services.NoSuchCode) <= 3


def test_the_page_says_when_to_try_again(db: None, settings: LazySettings) -> None:
    settings.CODE_TRIES_PER_SOURCE_AND_HOUR = 1
    client = Client()
    assert enter(client, "BCD234") is None
    page = client.post(reverse("accounts:code-enter"), {"code": "BCD235"}).content.decode()
    assert "Please wait an hour" in page
    assert 'value="BCD235"' in page


def test_an_hour_later_it_goes_on(cast: Cast, leo: Student, settings: LazySettings) -> None:
    settings.CODE_TRIES_PER_SOURCE_AND_HOUR = 1
    row = make_code(leo, cast.user("teacher"))
    for _ in range(3):
        with pytest.raises((services.NoSuchCode, services.TooManyTries)):
            find("ZZZ999")
    later = timezone.now() + timedelta(hours=1, seconds=1)
    assert services.find_by_code(code=row.code, source=HERE, by=None, now=later) == row


def test_attempts_are_forgotten_the_next_day_and_hold_no_address(db: None) -> None:
    with pytest.raises(services.NoSuchCode):
        find("ZZZ999")
    stored = CodeAttempt.objects.get()
    assert HERE not in stored.source
    tasks.forget_attempts()
    assert CodeAttempt.objects.exists()
    CodeAttempt.objects.update(at=timezone.now() - timedelta(days=1, seconds=1))
    tasks.forget_attempts()
    assert not CodeAttempt.objects.exists()
