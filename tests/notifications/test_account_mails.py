"""Mails about people: to whom, in which language, and not when they stopped being true."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.accounts import services as accounts
from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole
from apps.notifications import services
from apps.notifications.models import Delivery, DeliveryState
from tests.conftest import Cast
from tests.factories.accounts import make_invitation, make_user


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


def html_of(message: mail.EmailMessage) -> str:
    """The designed half of a mail."""
    assert isinstance(message, mail.EmailMultiAlternatives)
    return str(message.alternatives[0][0])


@pytest.mark.parametrize("role", [InvitationRole.GUARDIAN, InvitationRole.GRANTEE])
def test_an_invitation_carries_its_link_and_nothing_of_the_diary(cast: Cast, role: InvitationRole) -> None:
    invitation = invite(cast, role)
    deliver()
    (message,) = mail.outbox
    assert message.to == ["newcomer@people.example"]
    assert f"/join/{invitation.token}/" in message.body
    assert invitation.token in html_of(message)
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
    # The family has joined: whoever else joins is theirs to say, also for what the teacher sent.
    accounts.resend_invitation(invitation=invitation, by=cast.user("guardian"), now=later)
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


@pytest.mark.parametrize(
    ("sender", "role", "subjects"),
    [
        (
            "teacher",
            InvitationRole.GUARDIAN,
            {
                "Teacher Qzteacher invites you to a practice diary",
                "Petra has joined the practice diary of Mia",
            },
        ),
        (
            "guardian",
            InvitationRole.GRANTEE,
            {"Guardian invites you to a practice diary", "Petra has joined the practice diary of Mia"},
        ),
    ],
)
def test_a_subject_says_a_familys_first_names_only(
    cast: Cast, sender: str, role: InvitationRole, subjects: set[str]
) -> None:
    """A subject stands on lock screens; whoever is invited still recognises the teacher."""
    invitation = make_invitation(cast.student, cast.user(sender), role=role)
    deliver()
    newcomer = make_user("Petra Qzmia", email=invitation.email)
    accounts.accept_invitation(invitation=invitation, by=newcomer, now=timezone.now())
    deliver()
    assert {message.subject for message in mail.outbox} == subjects
    assert any("Petra Qzmia" in message.body for message in mail.outbox)


def test_whoever_invited_and_closed_their_account_is_somebody(cast: Cast) -> None:
    invitation = invite(cast)
    Invitation.objects.update(invited_by=None)
    deliver()
    (message,) = mail.outbox
    assert message.subject == "Somebody invites you to a practice diary"
    assert invitation.token in message.body


@pytest.mark.parametrize(
    ("display_name", "email", "short"),
    [
        ("Mia Weber", "m@people.example", "Mia"),
        ("Anna-Lena von der Heide", "a@people.example", "Anna-Lena"),
        ("ליאורה בן־דוד", "l@people.example", "ליאורה"),
        ("x" * 100, "x@people.example", "x" * 39 + "…"),
        ("", "mia.weber@people.example", "mia"),
        ("", "mia@people.example", "mia"),
    ],
)
def test_short_names(display_name: str, email: str, short: str) -> None:
    assert User(display_name=display_name, email=email).get_short_name() == short
    assert not display_name or Student(name=display_name).get_short_name() == short


def test_who_joined_and_closed_the_account_is_no_news(cast: Cast) -> None:
    invitation = make_invitation(cast.student, cast.user("teacher"))
    accounts.accept_invitation(
        invitation=invitation, by=make_user("New", email=invitation.email), now=timezone.now()
    )
    User.objects.filter(email=invitation.email).delete()
    deliver()
    assert mail.outbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.CANCELLED}


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
    assert 'class="sheet"' in html_of(message)
    delivery.refresh_from_db()
    assert delivery.payload == {}
