"""Kid mode: the guardian's browser becomes the child's, and only the guardian gets it back."""

from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand
from apps.children.models import ChildLogin
from apps.core.models import AuditEvent
from apps.practice.models import PracticeEntry
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import handed_over_client

LEAVE = reverse("children:leave")
HOME = reverse("home:student")


@pytest.fixture
def guardian(db: None) -> User:
    return make_user("Nora Berg")


@pytest.fixture
def child(guardian: User) -> Student:
    student = make_student("Zoë Berg", age_band=AgeBand.CHILD)
    make_guardianship(student, guardian)
    return student


def who(client: Client) -> object:
    return client.get(reverse("home:theme-set")).wsgi_request.user


def test_a_child_without_a_sign_in_gets_an_account_without_a_secret(guardian: User, child: Student) -> None:
    client = Client()
    client.force_login(guardian)
    key = client.session.session_key
    answer = client.post(reverse("children:hand-over", args=[child.pk]))
    assert answer.headers["Location"] == HOME
    login = ChildLogin.objects.get(student=child)
    assert (login.kind, login.secret) == ("none", "")
    assert who(client) == login.user
    assert client.session.session_key != key
    client.post(reverse("practice:entry-quick-log", args=[child.pk]), {"minutes": "20"})
    assert PracticeEntry.objects.get().logged_by == login.user
    event = AuditEvent.objects.get(action="child.handed-over")
    assert (event.actor_id, event.student_id) == (guardian.pk, child.pk)


def test_such_an_account_lets_nobody_in(guardian: User, child: Student) -> None:
    """It has no name that works, no secret, no card; the sign-in page does not even show it."""
    client = handed_over_client(child, guardian)
    page = Client()
    page.force_login(guardian)
    page.post(reverse("account_reauthenticate"), {"password": "woodshed-demo"})
    page.post(reverse("children:device-trust", args=[child.pk]))
    page.logout()
    shown = page.get(reverse("children:sign-in")).content.decode()
    assert "Zoë" not in shown
    assert client.get(HOME).status_code == 200


def test_leaving_needs_the_guardians_password(guardian: User, child: Student) -> None:
    client = handed_over_client(child, guardian)
    assert "Nora" in client.get(LEAVE).content.decode()
    wrong = client.post(LEAVE, {"password": "not it at all"})
    assert wrong.status_code == 200
    assert "This is not the password" in wrong.content.decode()
    assert who(client) != guardian
    assert client.post(LEAVE, {}).status_code == 200
    assert who(client) != guardian
    key = client.session.session_key
    assert client.post(LEAVE, {"password": "woodshed-demo"}).headers["Location"] == reverse("home:index")
    assert who(client) == guardian
    assert client.session.session_key != key
    assert "child" not in client.session


def test_another_adults_password_is_not_it(guardian: User, child: Student) -> None:
    other = make_user("Otto")
    other.set_password("quite-another-word")
    other.save()
    make_guardianship(child, other)
    client = handed_over_client(child, guardian)
    assert client.post(LEAVE, {"password": "quite-another-word"}).status_code == 200
    assert who(client) not in (guardian, other)


def test_a_second_factor_is_asked_for(guardian: User, child: Student) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(guardian, generate_totp_secret())
    assert Authenticator.objects.filter(user=guardian).exists()
    client = handed_over_client(child, guardian)
    answer = client.post(LEAVE, {"password": "woodshed-demo"})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not getattr(who(client), "is_authenticated", True), "neither the child nor yet the guardian"


def test_wrong_passwords_are_counted(guardian: User, child: Student) -> None:
    client = handed_over_client(child, guardian)
    answers = [client.post(LEAVE, {"password": f"guess {number}"}).content.decode() for number in range(14)]
    assert ["That was wrong too often" in answer for answer in answers].count(False) == 5
    right = client.post(LEAVE, {"password": "woodshed-demo"}).content.decode()
    assert "That was wrong too often" in right
    assert who(client) != guardian


def test_signing_everybody_out_opens_nothing(guardian: User, child: Student) -> None:
    client = handed_over_client(child, guardian)
    assert client.post(LEAVE, {"sign_out": "yes"}).headers["Location"] == reverse("account_login")
    assert not getattr(who(client), "is_authenticated", True)


def test_it_ends_when_the_guardian_is_none_any_more(guardian: User, child: Student) -> None:
    client = handed_over_client(child, guardian)
    assert client.get(HOME).status_code == 200
    Guardianship.objects.update(ended_at=timezone.now())
    assert client.get(HOME).headers["Location"] == reverse("children:sign-in")


def test_it_ends_after_its_hours_however_often_it_is_used(guardian: User, child: Student) -> None:
    client = handed_over_client(child, guardian)
    until = client.session["child"]["until"]
    left = datetime.fromisoformat(until) - timezone.now()
    assert timedelta(hours=11, minutes=50) < left <= timedelta(hours=12)
    assert client.get(HOME).status_code == 200
    session = client.session
    assert (session["child"]["until"], session.get("child_seen_on")) == (until, None)
    assert session.get_expiry_date() <= datetime.fromisoformat(until) + timedelta(seconds=5)
    session["child"] = session["child"] | {"until": (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    assert client.get(HOME).headers["Location"] == reverse("children:sign-in")


def test_the_back_button_of_the_guardian_is_shut(guardian: User, child: Student) -> None:
    client = handed_over_client(child, guardian)
    for name in ("parent_portal:overview", "accounts:settings", "account_change_password"):
        assert client.get(reverse(name)).status_code == 403
    assert client.get(reverse("children:sign-in-show", args=[child.pk])).status_code == 403


def test_own_sign_in_is_left_with_a_button(guardian: User, child: Student) -> None:
    from tests.factories.children import child_client, make_child_login

    make_child_login(child, guardian)
    client = child_client(child, guardian)
    assert "Sign out?" in client.get(LEAVE).content.decode()
    assert client.post(LEAVE).headers["Location"] == reverse("children:sign-in")
    assert not getattr(who(client), "is_authenticated", True)
    assert client.get(LEAVE).headers["Location"] == reverse("home:index"), "for whoever is no child"
