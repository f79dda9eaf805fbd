"""The page of who is around a student: what each may see there, and which buttons they get."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.grants import GrantLevel
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_invitation, make_student, make_user
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
SEE = ["student", "guardian", "second_guardian", "teacher", "second_teacher", "viewer", "commenter", "logger"]
SEE_NOT = [
    "former_guardian",
    "other_guardian",
    "former_teacher",
    "other_teacher",
    "expired_guest",
    "stranger",
    "staff",
    "superuser",
]


def url(student: Student) -> str:
    return reverse("private_teaching:student-people", args=[student.pk])


def html(client: Client, student: Student) -> str:
    answer = client.get(url(student))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", SEE)
def test_whoever_sees_the_diary_sees_who_else_does(cast: Cast, as_user: SignIn, name: str) -> None:
    answer = as_user(cast.user(name)).get(url(cast.student))
    names = answer.context["who_sees"]
    assert names[0] == "you"
    others = {other for other in SEE if other != name}
    assert len(names) == 1 + len(others)
    for other in others - {"student"}:
        assert any(text.startswith(cast.user(other).get_full_name()) for text in names)


@pytest.mark.parametrize("name", SEE_NOT)
def test_others_do_not_know_of_the_page(cast: Cast, as_user: SignIn, name: str) -> None:
    assert as_user(cast.user(name)).get(url(cast.student)).status_code == 404


@pytest.mark.parametrize("name", SEE)
def test_nobody_reads_an_address(cast: Cast, as_user: SignIn, name: str) -> None:
    found = cast.canaries.found_in(html(as_user(cast.user(name)), cast.student))
    assert {word for word in found if "@" in word} <= {cast.user(name).email}


def buttons(page: str, cast: Cast) -> set[str]:
    """Which of the page's actions are offered."""
    pk = cast.student.pk
    links = {
        "invite_guardian": reverse("accounts:invitation-create", args=[pk]) + "?role=guardian",
        "invite_student": reverse("accounts:invitation-create", args=[pk]) + "?role=student",
        "guests": reverse("accounts:grant-list", args=[pk]),
        "edit": reverse("accounts:student-edit", args=[pk]),
        "limit": reverse("accounts:student-limit", args=[pk]),
        "teach": reverse("private_teaching:teaching-create", args=[pk]),
        "end": reverse("private_teaching:teaching-end", args=[cast.teaching.pk]),
        "end second": reverse("private_teaching:teaching-end", args=[cast.second_teaching.pk]),
    }
    return {name for name, link in links.items() if f'"{link}"' in page}


BUTTONS = {
    "student": {"invite_guardian", "edit"},
    "guardian": {"invite_guardian", "guests", "edit", "end", "end second"},
    "teacher": {"teach", "limit", "end"},
    "second_teacher": {"teach", "limit", "end second"},
    "viewer": set(),
    "logger": set(),
}


@pytest.mark.parametrize("name", BUTTONS)
def test_buttons_are_there_where_the_rule_allows(cast: Cast, as_user: SignIn, name: str) -> None:
    assert buttons(html(as_user(cast.user(name)), cast.student), cast) == BUTTONS[name]


@pytest.mark.parametrize(
    ("name", "sees"),
    [("student", 3), ("guardian", 3), ("teacher", 0), ("viewer", 1), ("logger", 1)],
)
def test_levels_and_ends_of_guests_are_the_familys(cast: Cast, as_user: SignIn, name: str, sees: int) -> None:
    page = html(as_user(cast.user(name)), cast.student)
    assert sum(page.count(f"{level.label}, until") for level in GrantLevel) == sees


def test_waiting_invitations_are_for_whoever_may_act(cast: Cast, as_user: SignIn) -> None:
    row = make_invitation(cast.student, cast.user("guardian"))
    resend = reverse("accounts:invitation-resend", args=[row.pk])
    found = {name: resend in html(as_user(cast.user(name)), cast.student) for name in SEE}
    assert {name for name, yes in found.items() if yes} == {"guardian", "second_guardian"}


def test_a_teacher_sees_what_they_sent_and_no_other_address(cast: Cast, as_user: SignIn) -> None:
    leo = make_student("Leo")
    make_teaching(cast.user("teacher"), leo)
    make_teaching(cast.user("second_teacher"), leo, "Violin")
    make_invitation(leo, cast.user("teacher"), "mine@people.example")
    make_invitation(leo, cast.user("second_teacher"), "theirs@people.example")
    page = html(as_user(cast.user("teacher")), leo)
    assert "mine@people.example" in page
    assert "theirs@people.example" not in page


def test_states_of_invitations(cast: Cast, as_user: SignIn) -> None:
    now, by = timezone.now(), cast.user("guardian")
    for name in ("pending", "accepted", "declined", "cancelled"):
        make_invitation(cast.student, by, f"{name}@people.example")
    for name in ("accepted", "declined", "cancelled"):
        Invitation.objects.filter(email__startswith=name).update(**{f"{name}_at": now})
    make_invitation(cast.student, by, "expired@people.example", now=now - timedelta(days=15))
    make_invitation(cast.student, by, "ancient@people.example", now=now - timedelta(days=90))
    shown = as_user(by).get(url(cast.student)).context["people"].invitations
    assert {(row.email.partition("@")[0], str(state)) for row, state in shown} == {
        ("pending", "pending"),
        ("declined", "declined"),
        ("expired", "expired"),
    }


def test_after_adding_a_student(cast: Cast, as_user: SignIn) -> None:
    leo = make_student("Leo")
    make_teaching(cast.user("teacher"), leo)
    page = html(as_user(cast.user("teacher")), leo)
    assert "What next?" in page
    make_invitation(leo, cast.user("teacher"))
    assert "Waiting for the family" in html(as_user(cast.user("teacher")), leo)
    make_guardianship(leo, cast.user("guardian"))
    page = html(as_user(cast.user("teacher")), leo)
    assert "?role=guardian" not in page
    assert "for the family to say" in page


def test_a_student_without_a_teacher(cast: Cast, as_user: SignIn) -> None:
    leo = make_student("Leo")
    make_guardianship(leo, cast.user("guardian"))
    page = html(as_user(cast.user("guardian")), leo)
    assert "Nobody teaches this student at the moment." in page
    assert "No guests." in page
    assert f"{reverse('accounts:invitation-create', args=[leo.pk])}?role=student" in page


def test_names_are_text(cast: Cast, as_user: SignIn) -> None:
    leo = make_student("<script>alert(1)</script>")
    make_guardianship(leo, make_user("<img src=x>", email="img@people.example"))
    make_guardianship(leo, cast.user("guardian"))
    page = html(as_user(cast.user("guardian")), leo)
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
