"""A classmate cannot guess: few tries, growing pauses, then only the guardian; nobody else is shut out."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import product

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship
from apps.children import services, tasks
from apps.children.models import ChildLogin, SecretAttempt, TrustedDevice
from apps.children.pictures import PICTURES
from apps.children.services import guard
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from tests.accounts.test_join_race import at_once, refused
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import PICTURES as RIGHT
from tests.factories.children import PIN, make_child_login, trust

from .conftest import Family
from .test_entering import press

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover

WRONG = "dog-dog-dog-cat"


def attempt(device: TrustedDevice, value: str = WRONG, now: datetime | None = None) -> str:
    """What came of it, by name."""
    try:
        services.enter_with_secret(device=device, value=value, now=now or timezone.now())
    except (services.WrongSecret, services.MustWait, services.DeviceIsLocked) as error:
        return type(error).__name__
    return "in"


@pytest.fixture
def device(family: Family) -> TrustedDevice:
    return trust(Client(), family.child, family.guardian)


def test_a_thousand_tries_at_once_look_at_five(device: TrustedDevice) -> None:
    now = timezone.now()
    answers = Counter(attempt(device, now=now) for _number in range(1000))
    assert answers == {"WrongSecret": 5, "MustWait": 995}
    assert attempt(device, RIGHT, now) == "MustWait", "also the right one, else guessing would only go on"
    assert SecretAttempt.objects.count() == 5


def test_the_pauses_grow(device: TrustedDevice) -> None:
    now, pauses = timezone.now(), []
    for _number in range(14):
        assert attempt(device, now=now) == "WrongSecret"
        until = guard.pause_ends(device)
        pauses.append(int((until - now).total_seconds() // 60) if until else 0)
        now = until or now
    assert pauses == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_a_whole_day_of_guessing_is_twenty_tries_then_the_guardian(
    family: Family, device: TrustedDevice
) -> None:
    second = make_user("Second")
    make_guardianship(family.child, second)
    begin, answers = timezone.now(), Counter[str]()
    for minute in range(0, 24 * 60, 5):
        answers[attempt(device, now=begin + timedelta(minutes=minute))] += 1
    assert answers["WrongSecret"] == 19
    assert answers["DeviceIsLocked"] > 0
    device.refresh_from_db()
    assert device.locked_at is not None
    assert attempt(device, RIGHT, begin + timedelta(days=9)) == "DeviceIsLocked"
    told = Delivery.objects.filter(kind="children.device-locked")
    assert {delivery.email for delivery in told} == {family.guardian.email, second.email}
    assert told.count() == 2, "once for each, however long somebody goes on"
    assert AuditEvent.objects.filter(action="child.device-locked").count() == 1


def test_guessing_succeeds_when_the_guard_is_off(
    family: Family, device: TrustedDevice, settings: LazySettings
) -> None:
    """The control: without the guard a machine finds the secret, so it is the guard that keeps it."""
    easy = "cat-cat-dog-owl"
    make_child_login(family.child, family.guardian, value=easy)
    codes = [picture.code for picture in PICTURES[:3]]
    guesses = ["-".join(four) for four in product(codes, repeat=4)]
    assert guesses.index(easy) > 4
    assert "in" not in {attempt(device, guess) for guess in guesses}
    services.unlock_device(device=device, by=family.guardian, now=timezone.now())
    settings.CHILD_TRIES_BEFORE_PAUSE = settings.CHILD_TRIES_PER_DAY = 10**9
    assert "in" in {attempt(device, guess) for guess in guesses}


def test_another_known_device_is_not_shut_out(family: Family, device: TrustedDevice) -> None:
    home = trust(Client(), family.child, family.guardian)
    TrustedDevice.objects.filter(pk=device.pk).update(locked_at=timezone.now())
    assert attempt(device, RIGHT) == "DeviceIsLocked"
    for _number in range(4):
        attempt(home)
    assert attempt(home, RIGHT) == "in"


def test_another_child_of_the_same_device_is_not_shut_out(family: Family) -> None:
    ben, client = make_student("Ben"), Client()
    make_guardianship(ben, family.guardian)
    make_child_login(ben, family.guardian, kind="pin", value=PIN)
    zoes, bens = (trust(client, child, family.guardian) for child in (family.child, ben))
    zoes.refresh_from_db()
    for _number in range(6):
        attempt(zoes)
    assert attempt(zoes, RIGHT) == "MustWait"
    assert attempt(bens, PIN) == "in"


def test_coming_in_ends_the_pauses_but_not_the_count_of_the_day(device: TrustedDevice) -> None:
    now = timezone.now()
    for number in range(4):
        assert attempt(device, now=now + timedelta(seconds=number)) == "WrongSecret"
    assert attempt(device, RIGHT, now + timedelta(seconds=5)) == "in"
    for number in range(4):
        assert attempt(device, now=now + timedelta(seconds=6 + number)) == "WrongSecret"
    assert SecretAttempt.objects.count() == 8


def test_tries_are_forgotten_after_a_day(device: TrustedDevice) -> None:
    attempt(device)
    tasks.forget_attempts()
    assert SecretAttempt.objects.count() == 1
    SecretAttempt.objects.update(at=timezone.now() - timedelta(days=1, seconds=1))
    tasks.forget_attempts()
    assert not SecretAttempt.objects.exists()


def test_the_pages_say_it_kindly(family: Family) -> None:
    client = Client()
    device = trust(client, family.child, family.guardian)
    for _number in range(5):
        press(client, device, WRONG)
    assert "Wait 1 minute, then try again." in press(client, device).content.decode()
    TrustedDevice.objects.update(locked_at=timezone.now())
    assert "A grown-up has to let you in again." in press(client, device).content.decode()
    card = services.make_card(student=family.child, by=family.guardian, now=timezone.now()).card_token
    answer = client.post(reverse("children:card-enter", args=[card]))
    assert answer.status_code == 200
    assert "Ask a grown-up" in answer.content.decode()


def test_a_device_that_is_revoked_meanwhile(family: Family, device: TrustedDevice) -> None:
    services.revoke_device(device=device, by=family.guardian, now=timezone.now())
    with pytest.raises(services.DeviceIsNotTrusted):
        services.enter_with_secret(device=device, value=RIGHT, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_count_each_other(settings: LazySettings) -> None:
    guardian, child = make_user("Nora"), make_student("Zoe")
    make_guardianship(child, guardian)
    make_child_login(child, guardian)
    device = trust(Client(), child, guardian)
    settings.CHILD_TRIES_BEFORE_PAUSE = 3

    def guess() -> None:
        services.enter_with_secret(device=device, value=WRONG, now=timezone.now())

    results = at_once(*[guess for _number in range(6)])
    assert refused(results).count(services.WrongSecret) == 3


class TestMail:
    def send(self, family: Family, device: TrustedDevice) -> "tuple[str, str] | None":
        from apps.children.emails import device_locked_message

        payload = {"device": str(device.pk), "reader": str(family.guardian.pk)}
        mail = device_locked_message(payload, timezone.now())
        return (mail.subject, mail.text) if mail else None

    def test_it_names_the_child_by_first_name_and_leads_to_the_page(
        self, family: Family, device: TrustedDevice
    ) -> None:
        TrustedDevice.objects.update(locked_at=timezone.now())
        mail = self.send(family, device)
        assert mail is not None
        subject, text = mail
        assert subject == "Too many wrong tries to sign in as Zoë"
        assert reverse("children:sign-in-show", args=[family.child.pk]) in text
        assert "Berg" not in subject + text

    def test_none_when_it_is_settled_or_no_longer_theirs(self, family: Family, device: TrustedDevice) -> None:
        assert self.send(family, device) is None
        TrustedDevice.objects.update(locked_at=timezone.now())
        Guardianship.objects.update(ended_at=timezone.now())
        assert self.send(family, device) is None


def test_only_the_key_of_the_installation_makes_a_stolen_table_worth_trying(
    family: Family, settings: LazySettings
) -> None:
    from apps.children import secrets

    login = ChildLogin.objects.get()
    assert RIGHT not in login.secret
    assert secrets.matches(login, RIGHT)
    settings.SECRET_KEY = "another key " * 5
    assert not secrets.matches(login, RIGHT)
