"""The young adult's page: who saw, who sees, and letting a former guardian look again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, StudentGrant, User
from apps.accounts.services.majority import end_all_guardianships
from apps.core.days import calendar_day
from apps.core.models import AuditEvent
from apps.notifications.services import deliver_due
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_user

SignIn = Callable[[User], Client]
URL = reverse("private_teaching:hand-over")


@pytest.fixture
def adult(cast: Cast) -> Student:
    """Mia on the day."""
    make_guardianship(cast.student, make_user("Sam Suspended"), suspended_at=timezone.now())
    end_all_guardianships(student=cast.student, now=timezone.now())
    return cast.student


def day(student: Student, days: int) -> str:
    return (calendar_day(timezone.now(), student.time_zone) + timedelta(days=days)).isoformat()


def test_it_lists_who_saw(cast: Cast, as_user: SignIn, adult: Student) -> None:
    page = as_user(cast.user("student")).get(URL).content.decode()
    for name in ("guardian", "second_guardian", "teacher", "second_teacher", "viewer"):
        assert cast.user(name).display_name in page
    # Left long ago, or was never settled: neither saw it until the birthday.
    assert "Qzformerguardian" not in page
    assert "Sam Suspended" not in page
    for teaching in (cast.teaching, cast.second_teaching):
        assert reverse("private_teaching:teaching-end", args=[teaching.pk]) in page


@pytest.mark.parametrize(("level", "may_comment"), [("view", False), ("comment", True)])
def test_a_former_guardian_looks_again(
    cast: Cast, as_user: SignIn, adult: Student, level: str, may_comment: bool
) -> None:
    client, guardian = as_user(cast.user("student")), cast.user("guardian")
    sent = {"guardian": str(guardian.pk), "level": level, "until": day(adult, 30)}
    page = client.post(URL, sent, follow=True).content.decode()
    assert "is your guest now" in page
    assert as_user(guardian).get(reverse("practice:entry-list", args=[adult.pk])).status_code == 200
    private = reverse("practice:entry-detail", args=[cast.private_entry.pk])
    assert as_user(guardian).get(private).status_code == 404
    assert guardian.has_perm("accounts.comment_student", adult) == may_comment
    assert not guardian.has_perm("accounts.log_practice_student", adult)
    event = AuditEvent.objects.get(action="grant.given", details__to=str(guardian.pk))
    assert event.actor_id == cast.user("student").pk
    mail.outbox.clear()
    deliver_due(clock=timezone.now)
    assert "Mia lets you look into the diary" in {
        message.subject for message in mail.outbox if message.to == [guardian.email]
    }
    guests = client.get(reverse("accounts:grant-list", args=[adult.pk])).content.decode()
    assert guardian.display_name in guests
    client.post(reverse("accounts:grant-revoke", args=[adult.pk, guardian.pk]))
    assert as_user(guardian).get(reverse("practice:entry-list", args=[adult.pk])).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("guardian", "stranger"),
        ("guardian", "former_guardian"),
        ("level", "log"),
        ("until", -1),
        ("until", 366),
    ],
)
def test_what_is_refused_is_said(
    cast: Cast, as_user: SignIn, adult: Student, field: str, value: str | int
) -> None:
    sent = {"guardian": str(cast.user("guardian").pk), "level": "view", "until": day(adult, 9)}
    if field == "until":
        sent["until"] = day(adult, int(value))
    else:
        sent[field] = str(cast.user(str(value)).pk) if field == "guardian" else str(value)
    answer = as_user(cast.user("student")).post(URL, sent)
    assert set(answer.context["form"].errors) == {field}
    assert not StudentGrant.objects.filter(user=cast.user("guardian")).exists()


def test_when_all_are_let_in_there_is_no_form(cast: Cast, as_user: SignIn, adult: Student) -> None:
    client = as_user(cast.user("student"))
    for name in ("guardian", "second_guardian"):
        sent = {"guardian": str(cast.user(name).pk), "level": "view", "until": day(adult, 9)}
        page = client.post(URL, sent, follow=True).content.decode()
    assert "Let somebody look again" not in page


@pytest.mark.parametrize("name", ["student", "guardian", "stranger"])
def test_for_everybody_else_it_explains_itself(cast: Cast, as_user: SignIn, name: str) -> None:
    for answer in (as_user(cast.user(name)).get(URL), as_user(cast.user(name)).post(URL)):
        assert "This page waits for your 18th birthday" in answer.content.decode()


def test_an_adult_without_a_past_sees_no_guardians(as_user: SignIn, cast: Cast) -> None:
    Student.objects.create(
        name="Ada", user=cast.user("stranger"), age_band="adult", created_at=timezone.now()
    )
    page = as_user(cast.user("stranger")).get(URL).content.decode()
    assert "Your guardians until now" not in page
    assert "Nobody teaches you here" in page
    assert "Nobody is let in" in page


def test_the_people_page_leads_there(cast: Cast, as_user: SignIn, adult: Student) -> None:
    people = reverse("private_teaching:student-people", args=[adult.pk])
    assert URL in as_user(cast.user("student")).get(people).content.decode()
