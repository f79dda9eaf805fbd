"""Signing up, by oneself and by invitation, and the way back to the invitation."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, Invitation, Student, User
from apps.accounts.services import resend_invitation
from tests.conftest import Cast
from tests.factories.accounts import make_invitation, make_user

SignIn = Callable[[User], Client]
EMAIL = "new@people.example"
PASSWORD = "purple-metronome-9"
SENT = {
    "display_name": "Anna Berg",
    "email": EMAIL,
    "password1": PASSWORD,
    "time_zone": "Europe/Berlin",
}


def show(invitation: Invitation) -> str:
    return reverse("accounts:invitation-show", args=[invitation.token])


def sign_up(client: Client, **fields: str) -> str:
    """Post the form; where the answer leads."""
    return client.post(reverse("account_signup"), SENT | fields).headers.get("Location", "")


@pytest.fixture
def invitation(cast: Cast) -> Invitation:
    return make_invitation(cast.student, cast.user("guardian"), EMAIL)


def test_the_form_asks_for_little(db: None) -> None:
    page = Client().get(reverse("account_signup"))
    assert list(page.context["form"].fields) == ["display_name", "email", "password1", "time_zone"]
    assert "data-time-zone" in page.content.decode()
    assert "js/accounts/time_zone" in page.content.decode()


def test_what_is_kept(db: None) -> None:
    client = Client(headers={"accept-language": "de"})
    sign_up(client)
    user = User.objects.get(email=EMAIL)
    assert (user.display_name, user.time_zone, user.language) == ("Anna Berg", "Europe/Berlin", "de")
    assert not EmailAddress.objects.get(user=user).verified


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 10_000, "\x00"])
def test_a_zone_that_is_none_is_not_said(db: None, zone: str) -> None:
    sign_up(Client(), time_zone=zone)
    assert User.objects.get(email=EMAIL).time_zone == "UTC"


def test_extra_fields_make_nobody_staff(db: None) -> None:
    sign_up(Client(), is_staff="on", is_superuser="on", groups="1", is_active="", language="xx")
    user = User.objects.get(email=EMAIL)
    assert (user.is_staff, user.is_superuser, user.is_active, user.language) == (False, False, True, "en")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", "x" * 10_000),
        ("display_name", "\u200b"),
        ("email", "nobody"),
        ("password1", "short"),
        ("password1", "password123"),
        ("password1", "1234567890123"),
    ],
)
def test_bad_input_is_said_beside_its_field(db: None, field: str, value: str) -> None:
    answer = Client().post(reverse("account_signup"), SENT | {field: value})
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize("name", ["مريم", "👩‍🎤 Ann", "<script>alert(1)</script>"])
def test_any_name_is_a_name(db: None, name: str) -> None:
    sign_up(Client(), display_name=name)
    assert User.objects.get(email=EMAIL).display_name == name


def test_a_taken_address_answers_like_a_new_one(db: None) -> None:
    make_user("Old", email=EMAIL)
    taken = sign_up(Client())
    new = sign_up(Client(), email="other@people.example")
    assert taken == new == reverse("account_email_verification_sent")
    assert User.objects.filter(email=EMAIL).count() == 1


def test_by_invitation_no_second_mail_is_needed(invitation: Invitation) -> None:
    client = Client()
    client.get(show(invitation))
    page = client.get(reverse("account_signup"))
    assert page.context["form"]["email"].value() == EMAIL
    assert sign_up(client) == show(invitation)
    user = User.objects.get(email=EMAIL)
    assert EmailAddress.objects.get(user=user).verified
    assert (
        reverse("accounts:invitation-accept", args=[invitation.token])
        in client.get(show(invitation)).content.decode()
    )
    client.post(reverse("accounts:invitation-accept", args=[invitation.token]))
    assert Guardianship.objects.filter(guardian=user, student=invitation.student).exists()
    assert "join_hash" not in client.session


def test_another_address_must_confirm_itself(invitation: Invitation) -> None:
    """The link proves its own address: it hands nobody that address, and confirms no other."""
    client = Client()
    client.get(show(invitation))
    assert sign_up(client, email="else@people.example") == reverse("account_email_verification_sent")
    assert invitation.token not in str(dict(client.session))
    user = User.objects.get(email="else@people.example")
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified")) == [
        ("else@people.example", False)
    ]


def test_signing_in_leads_back_by_the_session_alone(invitation: Invitation) -> None:
    """After a reset password or a confirmed address too."""
    make_user("New", email=EMAIL)
    client = Client()
    client.get(show(invitation))
    sent = {"login": EMAIL, "password": "woodshed-demo"}
    assert client.post(reverse("account_login"), sent)["Location"] == show(invitation)
    assert "join_hash" not in client.session


def test_no_session_row_holds_the_token_while_a_second_step_is_asked_for(invitation: Invitation) -> None:
    user = make_user("New", email=EMAIL)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x" * 32})
    client = Client()
    page = client.get(show(invitation)).content.decode()
    login = re.search(r'href="(/account/login/[^"]*)"[^>]*>(?:(?!</a>).)*I have an account', page, re.DOTALL)
    assert login is not None
    answer = client.post(login[1], {"login": EMAIL, "password": "woodshed-demo"})
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    held = [row.get_decoded() for row in Session.objects.all()]
    assert any("account_login" in row for row in held)
    assert invitation.token not in str(held)


def test_no_way_back_by_a_link_that_a_newer_mail_replaced(cast: Cast, invitation: Invitation) -> None:
    make_user("New", email=EMAIL)
    client = Client()
    client.get(show(invitation))
    resend_invitation(invitation=invitation, by=cast.user("guardian"), now=timezone.now())
    sent = {"login": EMAIL, "password": "woodshed-demo"}
    assert client.post(reverse("account_login"), sent)["Location"] == reverse("home:index")


def test_no_way_back_to_what_is_over(invitation: Invitation) -> None:
    make_user("New", email=EMAIL)
    client = Client()
    client.get(show(invitation))
    Invitation.objects.update(cancelled_at=invitation.sent_at)
    sent = {"login": EMAIL, "password": "woodshed-demo"}
    assert client.post(reverse("account_login"), sent)["Location"] == reverse("home:index")


def test_the_wrong_account_signs_out_and_comes_back(
    cast: Cast, invitation: Invitation, as_user: SignIn
) -> None:
    client = as_user(cast.user("stranger"))
    html = client.get(show(invitation)).content.decode()
    assert "stranger@people.example" in html
    assert invitation.masked_email in html
    assert EMAIL not in html
    answer = client.post(reverse("account_logout"), {"next": show(invitation)})
    assert answer["Location"] == show(invitation)
    assert "I am new here" in client.get(show(invitation)).content.decode()


def test_leading_elsewhere_is_refused(cast: Cast) -> None:
    answer = Client().post(
        reverse("account_login"),
        {"login": cast.user("guardian").email, "password": "woodshed-demo", "next": "https://evil.example/"},
    )
    assert "evil" not in answer["Location"]


def test_a_locked_account_is_out_at_once(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.user("guardian"))
    assert client.get(reverse("accounts:settings")).status_code == 200
    User.objects.filter(pk=cast.user("guardian").pk).update(is_active=False)
    answer = client.get(reverse("accounts:settings"))
    assert answer["Location"].startswith(reverse("account_login"))


def test_guessing_a_password_is_slowed_down(db: None) -> None:
    """After five wrong guesses the right one is refused too, with the same words; others still get in."""
    make_user("Victim", email=EMAIL)
    other = make_user("Other")
    wrong = {"login": EMAIL, "password": "guess-guess-guess"}
    for _ in range(5):
        Client().post(reverse("account_login"), wrong)
    answer = Client().post(reverse("account_login"), wrong | {"password": "woodshed-demo"})
    assert answer.status_code == 200
    assert "wrong too often" in answer.content.decode()
    fine = Client().post(reverse("account_login"), {"login": other.email, "password": "woodshed-demo"})
    assert fine.status_code == 302


def test_signing_up_is_limited(db: None) -> None:
    statuses = [
        Client().post(reverse("account_signup"), SENT | {"email": f"n{n}@people.example"}).status_code
        for n in range(21)
    ]
    assert statuses == [302] * 20 + [429]


def test_resetting_a_password_is_limited_and_tells_nothing(db: None) -> None:
    make_user("Known", email=EMAIL)
    url = reverse("account_reset_password")
    known, unknown = [Client().post(url, {"email": email}) for email in (EMAIL, "nobody@people.example")]
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    statuses = [Client().post(url, {"email": EMAIL}).status_code for _ in range(6)]
    assert 429 in statuses


def test_no_student_is_made_by_signing_up(db: None) -> None:
    sign_up(Client())
    assert not Student.objects.exists()
    assert len(mail.outbox) <= 1
