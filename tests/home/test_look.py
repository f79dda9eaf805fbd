"""The front page, the colour choice, the styleguide and the staff's links."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models.invitations import InvitationRole
from apps.accounts.services import invite
from apps.home.queries.roster import roster_page
from tests.conftest import Cast
from tests.factories.accounts import make_invitation, make_student, make_user
from tests.factories.private_teaching import make_teaching


def test_the_front_page_asks_the_database_nothing(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get(reverse("home:landing"))
    assert answer.status_code == 200
    assert f'href="{reverse("private_teaching:teacher-list")}"' in answer.content.decode()


def test_who_is_signed_in_goes_on(cast: Cast, client: Client) -> None:
    client.force_login(cast.user("student"))
    assert client.get(reverse("home:landing"))["Location"] == reverse("home:index")


@pytest.mark.parametrize(
    ("theme", "target", "cookie", "goes"),
    [
        ("dark", "/start/", "dark", "/start/"),
        ("pink", "https://evil.example/", None, "/"),
        ("system", "//evil.example", "system", "/"),
    ],
)
def test_the_colours_are_remembered(
    db: None, client: Client, theme: str, target: str, cookie: str | None, goes: str
) -> None:
    answer = client.post(reverse("home:theme-set"), {"theme": theme, "next": target})
    assert answer["Location"] == goes
    assert (answer.cookies["theme"].value if cookie else None) == cookie
    assert ("theme" in answer.cookies) == bool(cookie)


def test_the_styleguide_is_for_staff(cast: Cast, client: Client) -> None:
    url = reverse("home:styleguide")
    assert client.get(url).status_code == 404
    client.force_login(cast.user("teacher"))
    assert client.get(url).status_code == 404
    client.force_login(cast.user("staff"))
    page = client.get(url).content.decode()
    assert "For developers" in page
    assert f'href="{reverse("admin:index")}"' in page


def test_whom_the_family_invites_is_not_the_teachers_to_know(cast: Cast) -> None:
    teacher = cast.user("teacher")
    before = roster_page(teacher, now=timezone.now()).rows
    for role in (InvitationRole.GUARDIAN, InvitationRole.GRANTEE):
        make_invitation(cast.student, cast.user("guardian"), f"{role}@people.example", role)
    assert roster_page(teacher, now=timezone.now()).rows == before


def test_the_roster_says_who_is_still_invited(db: None) -> None:
    teacher, student, now = make_user("Teacher"), make_student("Noor"), timezone.now()
    make_teaching(teacher, student)
    invite(
        student=student, role=InvitationRole.GUARDIAN, email="a@b.example", by=teacher, language="en", now=now
    )
    [row] = roster_page(teacher, now=now).rows
    assert (row.flags, row.flag_icon, row.subtitle) == (["invited"], "mail", "Piano · 1 invitation waits")
