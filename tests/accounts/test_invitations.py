"""Sending, resending and cancelling invitations: who, to whom, how often, with what answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole, InvitationState
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from tests.conftest import Cast
from tests.factories.accounts import make_invitation, make_student, make_user
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
NEW = {"email": "new@people.example", "language": "de"}


@pytest.fixture
def leo(cast: Cast) -> Student:
    student = make_student("Leo")
    make_teaching(cast.user("teacher"), student)
    return student


def create_url(student: Student, role: str = "guardian") -> str:
    return reverse("accounts:invitation-create", args=[student.pk]) + f"?role={role}"


@pytest.mark.parametrize("role", ["guardian", "student"])
def test_a_teacher_invites(cast: Cast, leo: Student, as_user: SignIn, role: str) -> None:
    client = as_user(cast.user("teacher"))
    assert client.get(create_url(leo, role)).status_code == 200
    answer = client.post(create_url(leo, role), NEW | {"email": "New@People.example"})
    assert answer["Location"] == reverse("private_teaching:student-people", args=[leo.pk])
    row = Invitation.objects.get()
    assert (row.role, row.email, row.language, row.student) == (role, "new@people.example", "de", leo)
    assert row.invited_by == cast.user("teacher")
    assert row.expires_at - row.sent_at == timedelta(days=14)
    mail = Delivery.objects.get()
    assert (mail.kind, mail.email, mail.payload) == (
        "accounts.invitation",
        "new@people.example",
        {"invitation": str(row.pk)},
    )
    assert (mail.language, mail.recipient, mail.expires_at) == ("de", None, row.expires_at)
    assert AuditEvent.objects.filter(action="invitation.sent", target_id=row.pk, student_id=leo.pk).exists()


def test_the_longest_address_is_invited_too(cast: Cast, leo: Student, as_user: SignIn) -> None:
    email = f"{'a' * 64}@{'.'.join(['b' * 61] * 3)}.de"
    assert len(email) == 253
    assert as_user(cast.user("teacher")).post(create_url(leo), NEW | {"email": email}).status_code == 302
    assert Delivery.objects.get().email == email


def test_the_token_is_stored_nowhere(cast: Cast) -> None:
    row = make_invitation(cast.student, cast.user("guardian"))
    invitation = Invitation.objects.filter(pk=row.pk).values().get()
    mail = Delivery.objects.values().get()
    assert row.token not in f"{invitation} {mail}"
    assert len(row.token) == 64


def test_extra_fields_change_nothing(cast: Cast, leo: Student, as_user: SignIn) -> None:
    sent = NEW | {
        "role": "grantee",
        "student": cast.student.pk,
        "invited_by": cast.user("guardian").pk,
        "expires_at": "2099-01-01",
        "accepted_at": "2026-01-01",
        "grant_level": "log",
        "token_hash": "x",
    }
    as_user(cast.user("teacher")).post(create_url(leo), sent)
    row = Invitation.objects.get()
    assert (row.role, row.student, row.invited_by) == ("guardian", leo, cast.user("teacher"))
    assert row.state(timezone.now()) == InvitationState.PENDING
    assert row.grant_level == ""
    assert row.expires_at < timezone.now() + timedelta(days=15)


@pytest.mark.parametrize(
    ("email", "error"),
    [
        ("", "fill this in"),
        ("nobody", "look like an e-mail"),
        ("a@b.example" + "x" * 300, "look like an e-mail"),
        ("x" * 10_000, "254"),
        ("a@people.example\nBcc: b@people.example", "look like an e-mail"),
        ("<script>@people.example", "look like an e-mail"),
        ("👩@people.example", "look like an e-mail"),
        ("TEACHER@people.example", "your own address"),
    ],
)
def test_bad_addresses_are_refused_beside_the_field(
    cast: Cast, leo: Student, as_user: SignIn, email: str, error: str
) -> None:
    answer = as_user(cast.user("teacher")).post(create_url(leo), NEW | {"email": email})
    assert any(error in text for text in answer.context["form"].errors["email"])
    assert not Invitation.objects.exists()
    assert "<script>@" not in answer.content.decode()


def test_an_unknown_language_is_refused(cast: Cast, leo: Student, as_user: SignIn) -> None:
    answer = as_user(cast.user("teacher")).post(create_url(leo), NEW | {"language": "xx"})
    assert list(answer.context["form"].errors) == ["language"]


def test_a_guardian_is_not_invited_twice(cast: Cast, as_user: SignIn) -> None:
    sent = NEW | {"email": cast.user("second_guardian").email}
    answer = as_user(cast.user("guardian")).post(create_url(cast.student), sent)
    assert answer.context["form"].has_error("email", "guardian")


def test_who_left_may_be_invited_again(cast: Cast, as_user: SignIn) -> None:
    sent = NEW | {"email": cast.user("former_guardian").email}
    assert as_user(cast.user("guardian")).post(create_url(cast.student), sent).status_code == 302


def test_a_waiting_one_is_offered_again(cast: Cast, leo: Student, as_user: SignIn) -> None:
    row = make_invitation(leo, cast.user("teacher"))
    answer = as_user(cast.user("teacher")).post(create_url(leo), NEW)
    assert answer.context["form"].has_error("email", "pending")
    assert reverse("accounts:invitation-resend", args=[row.pk]) in answer.content.decode()
    assert Invitation.objects.count() == 1


def test_somebody_elses_waiting_one_is_not(cast: Cast, leo: Student, as_user: SignIn) -> None:
    make_teaching(cast.user("second_teacher"), leo, "Violin")
    make_invitation(leo, cast.user("second_teacher"))
    answer = as_user(cast.user("teacher")).post(create_url(leo), NEW)
    assert answer.context["form"].has_error("email", "pending")
    assert answer.context["resendable"] is None


def test_an_expired_one_stands_in_nobodys_way(cast: Cast, leo: Student, as_user: SignIn) -> None:
    make_invitation(leo, cast.user("teacher"), now=timezone.now() - timedelta(days=15))
    assert as_user(cast.user("teacher")).post(create_url(leo), NEW).status_code == 302
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("role", ["guardian", "student", "zzz", ""])
def test_who_may_not_gets_no_form(cast: Cast, as_user: SignIn, role: str) -> None:
    url = create_url(cast.student, role)
    for name in ("stranger", "former_teacher", "expired_guest", "superuser"):
        assert as_user(cast.user(name)).get(url).status_code == 404
        assert as_user(cast.user(name)).post(url, NEW).status_code == 404
    for name in ("teacher", "viewer", "logger"):
        assert as_user(cast.user(name)).post(url, NEW).status_code == 403
    assert not Invitation.objects.exists()


def test_the_last_moment_before_a_login_is_taken(cast: Cast, leo: Student) -> None:
    leo.user = make_user("Ben")
    with pytest.raises(services.StudentHasALogin):
        make_invitation(leo, cast.user("teacher"), role=InvitationRole.STUDENT)


def test_a_senders_day_has_a_limit(cast: Cast, leo: Student, as_user: SignIn, settings: LazySettings) -> None:
    settings.INVITATIONS_PER_SENDER_AND_DAY = 2
    old = timezone.now() - timedelta(days=2)
    make_invitation(leo, cast.user("teacher"), "old@people.example", now=old)
    make_invitation(leo, cast.user("teacher"), "a@people.example")
    make_invitation(cast.student, cast.user("guardian"), "b@people.example")
    client = as_user(cast.user("teacher"))
    assert client.post(create_url(leo), NEW).status_code == 302
    answer = client.post(create_url(leo), NEW | {"email": "c@people.example"})
    assert "Too many invitations today" in answer.content.decode()
    assert "c@people.example" in answer.content.decode()  # nothing typed is lost
    assert not Invitation.objects.filter(email="c@people.example").exists()


def test_an_address_has_a_limit(cast: Cast, settings: LazySettings) -> None:
    settings.INVITATIONS_PER_ADDRESS_AND_DAY = 2
    row = make_invitation(cast.student, cast.user("guardian"))
    make_invitation(cast.other_student, cast.user("other_guardian"))
    with pytest.raises(services.TooManyInvitations):
        services.resend_invitation(invitation=row, by=cast.user("guardian"), now=timezone.now())
    services.resend_invitation(
        invitation=row, by=cast.user("guardian"), now=timezone.now() + timedelta(days=1, minutes=1)
    )


def states(cast: Cast) -> dict[str, Invitation]:
    """One invitation in each state."""
    now, by = timezone.now(), cast.user("guardian")
    made = {
        state: make_invitation(cast.student, by, f"{state}@people.example")
        for state in ("pending", "accepted", "declined", "cancelled")
    }
    made["expired"] = make_invitation(
        cast.student, by, "expired@people.example", now=now - timedelta(days=15)
    )
    for state in ("accepted", "declined", "cancelled"):
        Invitation.objects.filter(pk=made[state].pk).update(**{f"{state}_at": now})
    return made


@pytest.mark.parametrize("state", ["pending", "accepted", "declined", "cancelled", "expired"])
@pytest.mark.parametrize("action", ["resend", "cancel"])
def test_what_may_still_be_done(cast: Cast, as_user: SignIn, action: str, state: str) -> None:
    row = states(cast)[state]
    Delivery.objects.all().delete()
    answer = as_user(cast.user("second_guardian")).post(
        reverse(f"accounts:invitation-{action}", args=[row.pk])
    )
    assert answer["Location"] == reverse("private_teaching:student-people", args=[cast.student.pk])
    after = Invitation.objects.get(pk=row.pk)
    is_open = state in ("pending", "expired")
    if action == "resend":
        assert (after.token != row.token) is is_open
        assert list(Delivery.objects.values_list("email", flat=True)) == ([row.email] if is_open else [])
        assert after.state(timezone.now()) == ("pending" if is_open else state)
    else:
        assert after.state(timezone.now()) == ("cancelled" if is_open else state)
        assert not Delivery.objects.exists()


def test_a_resend_kills_the_old_link(cast: Cast) -> None:
    row = make_invitation(cast.student, cast.user("guardian"))
    old = row.token
    services.resend_invitation(invitation=row, by=cast.user("guardian"), now=timezone.now())
    assert not Invitation.objects.with_token(old).exists()
    row.refresh_from_db()
    assert Invitation.objects.with_token(row.token).get() == row


def test_a_resend_over_the_limit_says_so(cast: Cast, as_user: SignIn, settings: LazySettings) -> None:
    row = make_invitation(cast.student, cast.user("guardian"))
    settings.INVITATIONS_PER_ADDRESS_AND_DAY = 1
    url = reverse("accounts:invitation-resend", args=[row.pk])
    answer = as_user(cast.user("guardian")).post(url, follow=True)
    assert "Too many invitations today" in answer.content.decode()
    assert Invitation.objects.get(pk=row.pk).token == row.token


@pytest.mark.parametrize("action", ["resend", "cancel"])
def test_strangers_do_not_learn_of_an_invitation(cast: Cast, as_user: SignIn, action: str) -> None:
    row = make_invitation(cast.student, cast.user("guardian"))
    url = reverse(f"accounts:invitation-{action}", args=[row.pk])
    for name in ("stranger", "teacher", "student", "viewer", "former_guardian", "superuser"):
        assert as_user(cast.user(name)).post(url).status_code == 404
    assert as_user(cast.user("guardian")).get(url).status_code == 405
    assert Client().post(url).status_code == 302
    assert Invitation.objects.get(pk=row.pk).state(timezone.now()) == InvitationState.PENDING


def test_states_and_masks(cast: Cast) -> None:
    row = make_invitation(cast.student, cast.user("guardian"))
    assert row.masked_email == "n…@people.example"
    assert row.state(row.expires_at - timedelta(microseconds=1)) == InvitationState.PENDING
    assert row.state(row.expires_at) == InvitationState.EXPIRED
    assert "Mia" in str(row)
