"""The page behind the link: every state, for every kind of reader, and nothing dead-ends."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import queries, services
from apps.accounts.models import Guardianship, Invitation, Student, StudentGrant, User
from apps.accounts.models.invitations import InvitationRole, InvitationState
from apps.accounts.models.students import AgeBand
from apps.core.models import AuditEvent
from tests.conftest import Cast
from tests.factories.accounts import (
    birth_month,
    born,
    make_guardianship,
    make_invitation,
    make_student,
    make_user,
)
from tests.factories.consent import AGREED
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
EMAIL = "new@people.example"


@pytest.fixture
def leo(cast: Cast) -> Student:
    student = make_student("Leo", time_zone="Asia/Tokyo")
    make_teaching(cast.user("teacher"), student)
    return student


def url(action: str, invitation: Invitation) -> str:
    return reverse(f"accounts:invitation-{action}", args=[invitation.token])


def put_into(state: str, invitation: Invitation, by: User) -> Invitation:
    now = timezone.now()
    if state == "expired":
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=now - timedelta(seconds=1))
    elif state == "accepted":
        services.accept_invitation(invitation=invitation, by=by, now=now)
    elif state != "pending":
        Invitation.objects.filter(pk=invitation.pk).update(**{f"{state}_at": now})
    return Invitation.objects.get(pk=invitation.pk)


STATES = ["pending", "accepted", "declined", "cancelled", "expired"]
READERS = ["nobody", "right", "wrong"]


@pytest.mark.parametrize(("state", "reader"), list(product(STATES, READERS)))
def test_looking_changes_nothing(cast: Cast, leo: Student, as_user: SignIn, state: str, reader: str) -> None:
    right = make_user("New", email=EMAIL)
    row = put_into(state, make_invitation(leo, cast.user("teacher"), EMAIL), by=right)
    before = Invitation.objects.filter(pk=row.pk).values().get()
    client = {"nobody": Client(), "right": as_user(right), "wrong": as_user(cast.user("stranger"))}[reader]
    answer = client.get(url("show", row))
    assert client.head(url("show", row)).status_code == answer.status_code
    assert answer.status_code == (200 if state == "pending" else 410)
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]
    html = answer.content.decode()
    assert (url("accept", row) in html) is (state == "pending" and reader == "right")
    assert (url("decline", row) in html) is (state == "pending")
    assert ("I am new here" in html) is (state == "pending" and reader == "nobody")
    assert Invitation.objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize(("state", "reader"), list(product(STATES, READERS)))
@pytest.mark.parametrize("action", ["accept", "decline"])
def test_answering(cast: Cast, leo: Student, as_user: SignIn, action: str, state: str, reader: str) -> None:
    """Only the right account accepts, only while it waits; whoever holds the link declines."""
    right = make_user("New", email=EMAIL)
    row = put_into(state, make_invitation(leo, cast.user("teacher"), EMAIL), by=right)
    client = {"nobody": Client(), "right": as_user(right), "wrong": as_user(cast.user("stranger"))}[reader]
    answer = client.post(url(action, row))
    assert answer.status_code in (200, 302, 410)
    expected = state
    if state == "pending" and action == "decline":
        expected = "declined"
    if state == "pending" and action == "accept" and reader == "right":
        expected = "accepted"
    assert Invitation.objects.get(pk=row.pk).state(timezone.now()) == expected
    guardians = list(Guardianship.objects.filter(student=leo).values_list("guardian", flat=True))
    assert guardians == ([right.pk] if expected == "accepted" else [])


CLOSED = {
    ("accepted", "right"): "You have accepted this invitation",
    ("accepted", "wrong"): "This invitation has been used",
    ("declined", "right"): "This invitation was declined",
    ("declined", "wrong"): "This invitation was declined",
    ("cancelled", "right"): "This invitation was cancelled",
    ("cancelled", "wrong"): "This invitation was cancelled",
    ("expired", "right"): "This invitation has expired",
    ("expired", "wrong"): "This invitation has expired",
}


@pytest.mark.parametrize(("state", "reader"), CLOSED)
def test_who_comes_too_late_reads_why_and_what_to_do(
    cast: Cast, leo: Student, as_user: SignIn, state: str, reader: str
) -> None:
    right = make_user("New", email=EMAIL)
    row = put_into(state, make_invitation(leo, cast.user("teacher"), EMAIL), by=right)
    client = as_user(right if reader == "right" else cast.user("stranger"))
    for answer in (client.post(url("accept", row)), client.get(url("show", row))):
        html = answer.content.decode()
        assert answer.status_code == 410
        assert CLOSED[state, reader] in html
        assert 'class="btn' in html.partition("<main")[2], "there is a way on"
        assert (EMAIL in html) is (reader == "right"), "only its owner's own menu names the address"


def test_the_wrong_account_is_told_whose_it_is_and_how_to_change(
    cast: Cast, leo: Student, as_user: SignIn
) -> None:
    row = make_invitation(leo, cast.user("teacher"), EMAIL)
    wrong = cast.user("stranger")
    for answer in (as_user(wrong).post(url("accept", row)), as_user(wrong).get(url("show", row))):
        html = " ".join(answer.content.decode().split())
        assert answer.status_code == 200
        assert f"You are signed in as {wrong.email}, but this invitation is for n…@people.example." in html
        assert f'name="next" value="{url("show", row)}"' in html
        assert EMAIL not in html
    assert not Guardianship.objects.filter(student=leo).exists()


def test_a_guardian_joins(cast: Cast, leo: Student, as_user: SignIn) -> None:
    right = make_user("New", email=EMAIL)
    row = make_invitation(leo, cast.user("teacher"), EMAIL.upper())
    answer = as_user(right).post(url("accept", row), {"role": "student", "student": cast.student.pk})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.accepted_by, row.student) == (right, leo)
    assert AuditEvent.objects.filter(action="invitation.accepted", actor_id=right.pk).count() == 1
    assert "accepted this invitation" in as_user(right).get(url("show", row)).content.decode()


def test_a_second_confirmed_address_counts(cast: Cast, leo: Student, as_user: SignIn) -> None:
    right = make_user("New", email="first@people.example")
    EmailAddress.objects.create(user=right, email=EMAIL, verified=True, primary=False)
    row = make_invitation(leo, cast.user("teacher"), EMAIL)
    as_user(right).post(url("accept", row))
    assert Guardianship.objects.filter(student=leo, guardian=right).exists()


def test_an_unconfirmed_address_does_not(cast: Cast, leo: Student, as_user: SignIn) -> None:
    claims = make_user("Claims", email="first@people.example")
    EmailAddress.objects.create(user=claims, email=EMAIL, verified=False, primary=False)
    row = make_invitation(leo, cast.user("teacher"), EMAIL)
    answer = as_user(claims).post(url("accept", row))
    assert "first@people.example" in answer.content.decode()
    assert not Guardianship.objects.filter(student=leo).exists()


@pytest.mark.parametrize("action", ["show", "accept", "decline"])
@pytest.mark.parametrize("token", ["x", "0" * 64, "%00", "ü" * 10, "x" * 2000])
def test_an_unknown_link_is_a_dead_link(cast: Cast, as_user: SignIn, action: str, token: str) -> None:
    address = reverse("accounts:invitation-show", args=["TOKEN"]).replace("TOKEN", token)
    address += "" if action == "show" else f"{action}/"
    client = as_user(cast.user("guardian"))
    answer = client.get(address) if action == "show" else client.post(address)
    assert answer.status_code == 404


@pytest.mark.parametrize("action", ["accept", "decline"])
def test_answers_are_posted(cast: Cast, leo: Student, action: str) -> None:
    row = make_invitation(leo, cast.user("teacher"))
    assert Client().get(url(action, row)).status_code == 405
    assert Client(enforce_csrf_checks=True).post(url(action, row)).status_code == 403


def test_signed_out_is_sent_back_to_the_page(cast: Cast, leo: Student) -> None:
    row = make_invitation(leo, cast.user("teacher"))
    assert Client().post(url("accept", row))["Location"] == url("show", row)


@pytest.mark.parametrize(("age", "band"), [(16, "teen"), (17, "teen"), (18, "adult")])
def test_a_student_joins(cast: Cast, leo: Student, as_user: SignIn, age: int, band: str) -> None:
    right = make_user("New", email=EMAIL)
    row = make_invitation(leo, cast.user("teacher"), EMAIL, InvitationRole.STUDENT)
    as_user(right).post(url("accept", row), born(age))
    leo.refresh_from_db()
    assert (leo.user, leo.age_band, leo.time_zone) == (right, band, "Asia/Tokyo")
    assert leo.birth_month == birth_month(age)


def test_the_students_zone_follows_an_account_that_knows_its_own(
    cast: Cast, leo: Student, as_user: SignIn
) -> None:
    right = make_user("New", email=EMAIL, time_zone="Europe/Berlin")
    row = make_invitation(leo, cast.user("teacher"), EMAIL, InvitationRole.STUDENT)
    as_user(right).post(url("accept", row), born(16))
    leo.refresh_from_db()
    assert leo.time_zone == "Europe/Berlin"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"birth_month": "", "birth_year": ""},
        {"birth_month": "13", "birth_year": "99"},
        {"birth_month": "x" * 10_000, "birth_year": "x" * 10_000},
    ],
)
def test_an_age_must_be_said(cast: Cast, leo: Student, as_user: SignIn, sent: dict[str, str]) -> None:
    row = make_invitation(leo, cast.user("teacher"), EMAIL, InvitationRole.STUDENT)
    answer = as_user(make_user("New", email=EMAIL)).post(url("accept", row), sent)
    assert list(answer.context["form"].errors) == ["birth_month", "birth_year"]
    leo.refresh_from_db()
    assert leo.user is None


def test_a_child_is_told_kindly_and_nothing_is_kept(cast: Cast, leo: Student, as_user: SignIn) -> None:
    row = make_invitation(leo, cast.user("teacher"), EMAIL, InvitationRole.STUDENT)
    answer = as_user(make_user("New", email=EMAIL)).post(url("accept", row), born(15))
    assert "A grown-up can do this for you" in answer.content.decode()
    leo.refresh_from_db()
    assert (leo.user, leo.age_band, leo.birth_month) == (None, AgeBand.UNKNOWN, None)
    assert Invitation.objects.get(pk=row.pk).state(timezone.now()) == InvitationState.PENDING


def test_an_adult_does_not_shake_off_a_guardian(cast: Cast, leo: Student, as_user: SignIn) -> None:
    make_guardianship(leo, cast.user("guardian"))
    row = make_invitation(leo, cast.user("guardian"), EMAIL, InvitationRole.STUDENT)
    answer = as_user(make_user("New", email=EMAIL)).post(url("accept", row), born(18))
    assert "ask them to write" in str(answer.context["form"].errors["birth_year"])
    leo.refresh_from_db()
    assert leo.user is None


@pytest.mark.parametrize("known", [{"birth_month": birth_month(14)}, {"birth_month": None}])
@pytest.mark.parametrize("name", ["teacher", "other_teacher", "other_guardian"])
def test_whoever_answers_for_others_is_no_child(
    cast: Cast, leo: Student, as_user: SignIn, name: str, known: dict[str, Any]
) -> None:
    """By a code, which any account may take up: the student's teacher, and grown-ups of other families."""
    guardian, account = make_user("Nora"), cast.user(name)
    make_guardianship(leo, guardian)
    Student.objects.filter(pk=leo.pk).update(**known)
    make_teaching(cast.user("other_teacher"), make_student("Ben"), paused_at=timezone.now())
    row = services.invite_by_code(student=leo, role=InvitationRole.STUDENT, by=guardian, now=timezone.now())
    page = as_user(account).post(url("accept", row), born(14)).content.decode()
    assert "This needs the student" in page
    assert reverse("account_logout") in page
    leo.refresh_from_db()
    assert leo.user is None
    assert Invitation.objects.get(pk=row.pk).state(timezone.now()) == InvitationState.PENDING


def test_an_adult_who_teaches_others_may_learn(cast: Cast, leo: Student, as_user: SignIn) -> None:
    row = make_invitation(leo, cast.user("teacher"), cast.user("other_teacher").email, InvitationRole.STUDENT)
    own = make_invitation(leo, cast.user("teacher"), EMAIL, InvitationRole.STUDENT)
    Invitation.objects.filter(pk=own.pk).update(email=cast.user("teacher").email)
    page = as_user(cast.user("teacher")).post(url("accept", own), born(40) | {"agreed": AGREED})
    assert "This needs the student" in page.content.decode()
    answer = as_user(cast.user("other_teacher")).post(url("accept", row), born(40) | {"agreed": AGREED})
    assert answer.status_code == 302
    leo.refresh_from_db()
    assert leo.user == cast.user("other_teacher")


def test_nobody_becomes_an_adults_guardian(cast: Cast, leo: Student, as_user: SignIn) -> None:
    row = make_invitation(leo, cast.user("teacher"), EMAIL)
    Student.objects.filter(pk=leo.pk).update(user=cast.user("stranger"), age_band=AgeBand.ADULT)
    page = as_user(make_user("New", email=EMAIL)).post(url("accept", row)).content.decode()
    assert "is an adult here and decides alone" in page
    assert f'action="{url("accept", row)}"' not in page
    assert not Guardianship.objects.filter(student=leo).exists()


def test_one_account_is_one_student(cast: Cast, leo: Student, as_user: SignIn) -> None:
    row = make_invitation(leo, cast.user("teacher"), cast.user("student").email, InvitationRole.STUDENT)
    answer = as_user(cast.user("student")).post(url("accept", row), born(16))
    assert "One account can be one student only" in answer.content.decode()
    leo.refresh_from_db()
    assert leo.user is None


def test_one_student_has_one_login(cast: Cast, leo: Student, as_user: SignIn) -> None:
    first = make_invitation(leo, cast.user("teacher"), EMAIL, InvitationRole.STUDENT)
    second = make_invitation(leo, cast.user("teacher"), "b@people.example", InvitationRole.STUDENT)
    right = make_user("New", email=EMAIL)
    as_user(right).post(url("accept", first), born(16))
    answer = as_user(make_user("B", email="b@people.example")).post(url("accept", second), born(16))
    assert "already signs in for this student" in answer.content.decode()
    leo.refresh_from_db()
    assert leo.user == right


def test_a_guest_joins(cast: Cast, as_user: SignIn) -> None:
    guest, now = cast.user("stranger"), timezone.now()
    until = now + timedelta(days=3)
    row = make_invitation(
        cast.student,
        cast.user("guardian"),
        guest.email,
        InvitationRole.GRANTEE,
        grant_level="comment",
        grant_until=until,
    )
    assert row.expires_at == until  # nobody joins when their time is over
    as_user(guest).post(url("accept", row))
    grants = StudentGrant.objects.filter(user=guest, content_object=cast.student)
    assert set(grants.values_list("permission__codename", "expires_at", "granted_by")) == {
        ("view_student", until, cast.user("guardian").pk),
        ("comment_student", until, cast.user("guardian").pk),
    }


def test_a_guests_invitation_ends_with_what_it_offers(cast: Cast) -> None:
    now = timezone.now()
    row = make_invitation(
        cast.student, cast.user("guardian"), role=InvitationRole.GRANTEE, grant_until=now + timedelta(days=1)
    )
    with pytest.raises(services.InvitationIsNotPending):
        services.resend_invitation(
            invitation=row, by=cast.user("guardian"), now=now + timedelta(days=1, seconds=1)
        )


def test_what_waits_is_found_by_the_confirmed_address(cast: Cast, leo: Student) -> None:
    now, right = timezone.now(), make_user("New", email=EMAIL)
    EmailAddress.objects.create(user=right, email="claimed@people.example", verified=False, primary=False)
    waiting = make_invitation(leo, cast.user("teacher"), EMAIL)
    make_invitation(leo, cast.user("teacher"), "claimed@people.example")
    make_invitation(leo, cast.user("teacher"), EMAIL, now=now - timedelta(days=15))
    assert list(queries.pending_invitations_for(right, now)) == [waiting]
    assert list(queries.pending_invitations_for(cast.user("stranger"), now)) == []


def test_the_way_back_is_kept_and_no_token(cast: Cast, leo: Student, as_user: SignIn) -> None:
    row = make_invitation(leo, cast.user("teacher"), EMAIL)
    client = Client()
    client.get(url("show", row))
    assert client.session["join_hash"] == row.token_hash
    assert row.token not in str(dict(client.session))
    assert client.session["account_verified_email"] == EMAIL
    client.post(url("decline", row))
    assert "join_hash" not in client.session
    late = Client()
    late.get(url("show", row))
    assert "account_verified_email" not in late.session


@pytest.mark.parametrize("role", [InvitationRole.GUARDIAN, InvitationRole.STUDENT])
def test_nobody_is_their_own_guardian(cast: Cast, as_user: SignIn, role: InvitationRole) -> None:
    """A teenager with a second address would let guests in and end lessons by themselves."""
    pupil, person = cast.student, cast.user("student")
    if role == InvitationRole.STUDENT:
        pupil, person = make_student("Lea"), make_user("Mum")
        make_guardianship(pupil, person)
    EmailAddress.objects.create(user=person, email=EMAIL, verified=True, primary=False)
    row = make_invitation(pupil, cast.user("guardian"), EMAIL, role)
    answer = as_user(person).post(url("accept", row), born(16))
    assert "cannot be both" in answer.content.decode()
    row.refresh_from_db()
    assert row.accepted_at is None
    pupil.refresh_from_db()
    assert not Guardianship.objects.current().filter(student=pupil, guardian=pupil.user).exists()
