"""Real conversations with a mail server that refuses, puts off, or goes away in the middle."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from django.utils import timezone

from apps.core import outbox
from apps.notifications import services
from apps.notifications.models import Delivery, DeliveryState

from .smtp import Sink

pytestmark = pytest.mark.django_db


def post(number: int = 1) -> None:
    now = timezone.now()
    outbox.post(
        kind="accounts.message",
        key=f"accounts.message:{number}:email",
        email=f"ada.{number}@people.example",
        payload={"subject": f"Lesson {number}", "text": "Slowly.", "html": ""},
        language="en",
        now=now,
        expires_at=now + timedelta(hours=1),
    )


def deliver() -> int:
    return services.deliver_due(clock=timezone.now)


def deliver_again() -> int:
    """What waits for its next try is due now."""
    Delivery.objects.filter(state=DeliveryState.PENDING).update(due_at=timezone.now())
    return deliver()


def only() -> Delivery:
    return Delivery.objects.get()


@pytest.mark.parametrize("code", [550, 552, 554])
def test_a_mail_refused_for_good_is_a_dead_letter(mail_server: Sink, code: int) -> None:
    mail_server.answers.append(f"{code} we do not want ada.1@people.example")
    post()
    assert deliver() == 0
    assert (only().state, only().last_error) == (DeliveryState.FAILED, f"SMTPDataError {code}")
    assert only().payload["subject"] == "Lesson 1", "staff can send it again"
    assert deliver_again() == 0
    assert mail_server.taken == []


@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_a_mail_that_is_put_off_is_tried_again(mail_server: Sink, code: int) -> None:
    mail_server.answers.append(f"{code} later")
    post()
    before = timezone.now()
    assert deliver() == 0
    assert (only().state, only().attempts) == (DeliveryState.PENDING, 1)
    assert only().last_error == f"SMTPDataError {code}"
    assert only().due_at > before + timedelta(seconds=20)
    assert deliver_again() == 1
    assert (only().state, only().attempts, only().payload) == (DeliveryState.SENT, 2, {})


def test_an_address_that_does_not_exist_is_a_dead_letter(mail_server: Sink) -> None:
    mail_server.to_recipients.append("550 no such user ada.1@people.example")
    post()
    assert deliver() == 0
    assert (only().state, only().last_error) == (DeliveryState.FAILED, "SMTPRecipientsRefused")


def test_a_full_mailbox_is_tried_again(mail_server: Sink) -> None:
    mail_server.to_recipients.append("452 mailbox full")
    post()
    assert deliver() == 0
    assert (only().state, only().last_error) == (DeliveryState.PENDING, "SMTPRecipientsRefused")
    assert deliver_again() == 1


def test_a_refused_sender_is_ours_to_mend_and_loses_nothing(mail_server: Sink) -> None:
    mail_server.to_senders.append("550 not from here")
    post()
    assert deliver() == 0
    assert (only().state, only().last_error) == (DeliveryState.PENDING, "SMTPSenderRefused 550")
    assert deliver_again() == 1


def test_a_connection_lost_in_the_middle_of_a_mail_loses_nothing(mail_server: Sink) -> None:
    mail_server.cuts_in_data = 1
    post()
    assert deliver() == 0
    assert mail_server.taken == []
    assert (only().state, only().last_error) == (DeliveryState.PENDING, "SMTPServerDisconnected")
    assert deliver_again() == 1
    assert len(mail_server.taken) == 1


def test_a_mail_that_was_taken_without_a_word_comes_again_as_the_same(mail_server: Sink) -> None:
    """Nobody can know whether it arrived, so it is sent again under the same Message-ID."""
    mail_server.cuts_after_data = 1
    post()
    assert deliver() == 0
    assert only().state == DeliveryState.PENDING
    assert deliver_again() == 1
    first, second = (message_from_bytes(raw)["Message-ID"] for raw in mail_server.taken)
    assert first == second == only().message_id


def test_one_refused_mail_does_not_hold_up_the_next(mail_server: Sink) -> None:
    mail_server.answers.append("554 no")
    post(1)
    post(2)
    assert deliver() == 1
    states = dict(Delivery.objects.values_list("email", "state"))
    assert sorted(states.values()) == [DeliveryState.FAILED, DeliveryState.SENT]
    (raw,) = mail_server.taken
    sent_to = next(email for email, state in states.items() if state == DeliveryState.SENT)
    assert message_from_bytes(raw)["To"] == sent_to


def test_a_server_that_never_takes_it_makes_a_dead_letter_at_last(mail_server: Sink) -> None:
    mail_server.answers += ["451 later"] * (services.MAX_ATTEMPTS + 3)
    post()
    for _attempt in range(services.MAX_ATTEMPTS):
        assert only().state == DeliveryState.PENDING
        deliver_again()
    assert (only().state, only().attempts) == (DeliveryState.FAILED, services.MAX_ATTEMPTS)
    assert deliver_again() == 0
    assert len(mail_server.answers) == 3


def test_a_round_ends_at_its_limit_and_the_next_goes_on(mail_server: Sink) -> None:
    for number in range(3):
        post(number)
    assert services.deliver_due(clock=timezone.now, limit=2) == 2
    assert services.deliver_due(clock=timezone.now, limit=2) == 1
    assert len({message_from_bytes(raw)["To"] for raw in mail_server.taken}) == 3
