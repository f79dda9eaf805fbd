"""The outbox for staff: who sees it, what it never shows, and sending a dead letter again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.services import invite
from apps.core import outbox
from apps.core.models import AuditEvent
from apps.notifications import services
from apps.notifications.models import Delivery, DeliveryState
from tests.conftest import Cast
from tests.forms.scenes import with_factor

from .smtp import Sink

SignIn = Callable[[User], Client]
LIST = "/staff/notifications/delivery/"
SECRET = "Zw5-reset-link-secret"


def post(name: str = "ada") -> Delivery:
    now = timezone.now()
    outbox.post(
        kind="accounts.message",
        key=f"accounts.message:{name}:email",
        email=f"{name}@people.example",
        payload={"subject": "New password", "text": f"https://woodshed.example/{SECRET}/", "html": ""},
        language="en",
        now=now,
        expires_at=now + timedelta(hours=1),
    )
    return Delivery.objects.get(key=f"accounts.message:{name}:email")


def give_up(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.FAILED, attempts=3, last_error="SMTPDataError 554"
    )


def member(cast: Cast, *codenames: str) -> User:
    """Staff who may do these things with mails."""
    user = cast.user("staff")
    with_factor(cast, "staff")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def viewer(cast: Cast, as_user: SignIn) -> Client:
    return as_user(member(cast, "view_delivery"))


@pytest.fixture
def sender(cast: Cast, as_user: SignIn) -> Client:
    return as_user(member(cast, "view_delivery", "change_delivery"))


def send_again(client: Client, *deliveries: Delivery) -> Any:
    sent = {"action": "send_again", "_selected_action": [str(row.pk) for row in deliveries]}
    return client.post(LIST, sent, follow=True)


def emails(client: Client, **query: str) -> set[str]:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return {row.email for row in answer.context["cl"].result_list}


# Who


@pytest.mark.parametrize("name", ["teacher", "guardian", "stranger"])
def test_who_is_not_staff_is_led_away(cast: Cast, as_user: SignIn, name: str) -> None:
    with_factor(cast, name)
    client = as_user(cast.user(name))
    delivery = post()
    for url in (LIST, f"{LIST}{delivery.pk}/change/"):
        assert client.get(url)["Location"].startswith(reverse("admin:login"))


def test_staff_without_a_permission_see_nothing(cast: Cast, as_user: SignIn) -> None:
    client = as_user(member(cast))
    delivery = post()
    give_up(delivery)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{delivery.pk}/change/").status_code == 403
    assert send_again(client, delivery).status_code == 403
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED


def test_who_may_only_look_is_not_offered_to_send(viewer: Client) -> None:
    delivery = post()
    give_up(delivery)
    assert b"send_again" not in viewer.get(LIST).content
    send_again(viewer, delivery)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED
    assert not AuditEvent.objects.filter(action="delivery.replayed").exists()


# What is shown


def test_the_list_is_searched_and_filtered(viewer: Client) -> None:
    Delivery.objects.all().delete()
    post("ada")
    give_up(post("ben"))
    assert emails(viewer) == {"ada@people.example", "ben@people.example"}
    assert emails(viewer, q="BEN@people") == {"ben@people.example"}
    assert emails(viewer, q="accounts.message:ada") == {"ada@people.example"}
    assert emails(viewer, q="nobody") == set()
    assert emails(viewer, state__exact="failed") == {"ben@people.example"}
    assert emails(viewer, kind__exact="accounts.message", state__exact="pending") == {"ada@people.example"}
    assert emails(viewer, channel__exact="email", kind__exact="other") == set()


def test_the_newest_message_stands_first(viewer: Client) -> None:
    Delivery.objects.all().delete()
    post("ada")
    post("ben")
    rows = viewer.get(LIST).context["cl"].result_list
    assert [row.email for row in rows] == ["ben@people.example", "ada@people.example"]


def test_no_secret_is_shown_or_found(cast: Cast, viewer: Client) -> None:
    invitation = invite(
        student=cast.student,
        role=InvitationRole.GUARDIAN,
        email="aunt@people.example",
        language="en",
        by=cast.user("guardian"),
        now=timezone.now(),
    )
    message = post()
    for delivery in (message, Delivery.objects.get(email="aunt@people.example")):
        shown = viewer.get(f"{LIST}{delivery.pk}/change/").content.decode()
        assert delivery.email in shown
        assert SECRET not in shown
        assert invitation.token not in shown
        assert "payload" not in shown.lower()
    listed = viewer.get(LIST).content.decode()
    assert SECRET not in listed
    assert invitation.token not in listed
    assert emails(viewer, q=SECRET) == set()
    assert viewer.get(LIST, {"payload__text__contains": SECRET}).status_code == 400


def test_no_field_can_be_changed(sender: Client) -> None:
    delivery = post()
    url = f"{LIST}{delivery.pk}/change/"
    form = sender.get(url).context["adminform"].form
    assert list(form.fields) == []
    sent = {"email": "evil@people.example", "state": "sent", "payload": "{}"}
    assert sender.post(url, sent).status_code == 403
    assert sender.get(f"{LIST}add/").status_code == 403
    assert sender.post(f"{LIST}{delivery.pk}/delete/", {"post": "yes"}).status_code == 403
    after = Delivery.objects.get(pk=delivery.pk)
    assert (after.email, after.state) == (delivery.email, DeliveryState.PENDING)
    assert after.payload == delivery.payload


# Sending again


def test_a_dead_letter_leaves_after_all(cast: Cast, sender: Client, mail_server: Sink) -> None:
    Delivery.objects.all().delete()
    delivery = post()
    mail_server.answers.append("554 no")
    services.deliver_due(clock=timezone.now)
    assert b"1 message will be sent again." in send_again(sender, delivery).content
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 0)
    noted = AuditEvent.objects.get(action="delivery.replayed")
    assert (noted.actor_id, noted.target_id) == (cast.user("staff").pk, delivery.pk)
    assert services.deliver_due(clock=timezone.now) == 1
    assert SECRET.encode() in mail_server.taken[0]


def test_only_what_was_given_up_is_sent_again(sender: Client) -> None:
    waiting, dead = post("ada"), post("ben")
    give_up(dead)
    assert b"1 message will be sent again." in send_again(sender, waiting, dead).content
    assert b"0 messages will be sent again." in send_again(sender, waiting, dead).content
    assert AuditEvent.objects.filter(action="delivery.replayed").count() == 1


def test_a_colleague_who_was_quicker_is_no_error(
    sender: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = post()
    give_up(delivery)
    replay = services.replay

    def after_another(**words: Any) -> None:
        replay(**words)
        replay(**words)

    monkeypatch.setattr(services, "replay", after_another)
    assert b"0 messages will be sent again." in send_again(sender, delivery).content
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PENDING
