"""Mails about people: to whom, in which language, and not when they stopped being true."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.accounts import services as accounts
from apps.accounts.models import Invitation, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole
from apps.notifications import services
from apps.notifications.models import Delivery, DeliveryState
from tests.conftest import Cast
from tests.factories.accounts import make_user


def invite(cast: Cast, role: InvitationRole = InvitationRole.GUARDIAN, **fields: object) -> Invitation:
    now = timezone.now()
    if role == InvitationRole.GRANTEE:
        fields = {"grant_level": GrantLevel.VIEW, "grant_until": now + timedelta(days=9)} | fields
    return accounts.invite(
        student=cast.student,
        role=role,
        email="newcomer@people.example",
        by=cast.user("teacher"),
        language="en",
        now=now,
        **fields,  # type: ignore[arg-type]
    )


def deliver() -> None:
    services.deliver_due(clock=timezone.now)


@pytest.mark.parametrize("role", [InvitationRole.GUARDIAN, InvitationRole.GRANTEE])
def test_an_invitation_carries_its_link_and_nothing_of_the_diary(cast: Cast, role: InvitationRole) -> None:
    invitation = invite(cast, role)
    deliver()
    (message,) = mail.outbox
    assert message.to == ["newcomer@people.example"]
    assert f"/join/{invitation.token}/" in message.body
    assert invitation.token in str(message.alternatives[0][0])
    assert "Minuet" not in message.body
    assert not Delivery.objects.filter(payload__has_key="token").exists()


def test_a_cancelled_invitation_does_not_leave(cast: Cast) -> None:
    invitation = invite(cast)
    accounts.cancel_invitation(invitation=invitation, by=cast.user("teacher"), now=timezone.now())
    deliver()
    assert mail.outbox == []
    assert Delivery.objects.get().state == DeliveryState.CANCELLED


def test_a_resent_invitation_makes_the_old_link_dead(cast: Cast) -> None:
    invitation = invite(cast)
    old = invitation.token
    later = timezone.now() + timedelta(minutes=1)
    accounts.resend_invitation(invitation=invitation, by=cast.user("teacher"), now=later)
    assert not Invitation.objects.with_token(old).exists()
    assert Invitation.objects.get().token != old
    assert Delivery.objects.count() == 2


def test_family_and_inviter_hear_who_joined_but_not_the_newcomer(cast: Cast) -> None:
    invitation = invite(cast)
    deliver()
    mail.outbox.clear()
    newcomer = make_user("Newcomer")
    accounts.accept_invitation(invitation=invitation, by=newcomer, now=timezone.now())
    deliver()
    told = {message.to[0] for message in mail.outbox}
    names = ["student", "guardian", "second_guardian", "teacher"]
    assert told == {cast.user(name).email for name in names}
    assert all("Newcomer is now a guardian of Mia" in message.body for message in mail.outbox)


def test_somebody_who_lost_access_meanwhile_is_not_told(cast: Cast) -> None:
    invitation = invite(cast)
    accounts.accept_invitation(invitation=invitation, by=make_user("Newcomer"), now=timezone.now())
    cast.teaching.ended_at = timezone.now()
    cast.teaching.save(update_fields=["ended_at"])
    deliver()
    assert cast.user("teacher").email not in {message.to[0] for message in mail.outbox}


@pytest.mark.django_db
def test_account_mails_leave_through_the_outbox(client: Client) -> None:
    make_user("Ada", language="de")
    client.post("/account/password/reset/", {"email": "ada@people.example"})
    assert mail.outbox == []
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.language) == ("accounts.message", "de")
    deliver()
    (message,) = mail.outbox
    assert "/account/password/reset/key/" in message.body
    assert "Woodshed" in message.body
    assert 'class="sheet"' in str(message.alternatives[0][0])
    delivery.refresh_from_db()
    assert delivery.payload == {}


@pytest.mark.django_db
def test_a_reset_for_an_unknown_address_answers_alike(client: Client) -> None:
    make_user("Ada")
    known = client.post("/account/password/reset/", {"email": "ada@people.example"})
    unknown = client.post("/account/password/reset/", {"email": "nobody@people.example"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert User.objects.count() == 1
