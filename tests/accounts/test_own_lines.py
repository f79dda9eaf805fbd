"""The settings page as one place: each thing with its link and how it stands."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.own_lines import own_lines
from apps.private_teaching.models import TeacherProfile
from tests.conftest import Cast
from tests.factories.accounts import make_profile, make_student, make_user
from tests.factories.private_teaching import make_teaching
from tests.factories.sessions import make_session

SignIn = Callable[[User], Client]
URL = reverse("accounts:settings")


@pytest.fixture
def anna(db: None) -> User:
    return make_user("Anna")


def states(user: User) -> dict[str, str]:
    found = own_lines(User.objects.get(pk=user.pk), timezone.now())
    return {line.url: line.state for lines in found.values() for line in lines}


EMAIL, PASSWORD, STEPS, PLACES, PAGE = (
    reverse(name)
    for name in (
        "account_email",
        "account_change_password",
        "mfa_index",
        "accounts:session-list",
        "private_teaching:page-show",
    )
)


def test_a_new_account(anna: User) -> None:
    assert states(anna) == {EMAIL: "anna@people.example", PASSWORD: "set", STEPS: "off", PLACES: "0 browsers"}


def test_addresses(anna: User) -> None:
    EmailAddress.objects.create(user=anna, email="a@people.example", verified=True)
    assert states(anna)[EMAIL] == "anna@people.example and 1 more"
    EmailAddress.objects.create(user=anna, email="b@people.example", verified=False)
    assert states(anna)[EMAIL] == "anna@people.example and 2 more · not all confirmed"


def test_no_password(anna: User) -> None:
    anna.set_unusable_password()
    anna.save()
    assert states(anna)[PASSWORD] == "not set"


def test_the_second_step(anna: User) -> None:
    def add(kind: str) -> None:
        Authenticator.objects.create(user=anna, type=kind, data={"secret": "x" * 32})

    add("totp")
    assert states(anna)[STEPS] == "an app, no recovery codes"
    add("recovery_codes")
    assert states(anna)[STEPS] == "an app"
    add("webauthn")
    add("webauthn")
    assert states(anna)[STEPS] == "an app, 2 passkeys"


def test_places(anna: User) -> None:
    make_session(anna)
    assert states(anna)[PLACES] == "1 browser"


def test_a_student_finds_what_they_play(anna: User) -> None:
    student = make_student("Anna", user=anna)
    url = reverse("accounts:student-edit", args=[student.pk])
    assert states(anna)[url] == "nothing said yet"
    make_profile(student, instruments=["Cello", "Voice"], level="advanced")
    assert states(anna)[url] == "Cello, Voice, advanced"


def test_a_teacher_finds_their_page(anna: User) -> None:
    make_teaching(anna, make_student("Mia"))
    assert states(anna)[PAGE] == "not begun"
    TeacherProfile.objects.create(
        teacher=anna,
        display_name="Anna",
        bio="Hello",
        instruments=["Cello"],
        languages=["de"],
        changed_at=timezone.now(),
    )
    assert states(anna)[PAGE] == "Cello · not sent in"


def test_the_page_shows_them_all(cast: Cast, as_user: SignIn) -> None:
    html = as_user(cast.user("teacher")).get(URL).content.decode()
    for url, state in states(cast.user("teacher")).items():
        assert f'href="{url}"' in html
        assert state in html
    assert "Your music" in html
    assert f"Our mail goes to <bdi>{cast.user('teacher').email}</bdi>" in html


@pytest.mark.parametrize(
    ("theme", "words"), [("dark", "is dark"), ("light", "is light"), ("", "follows the device")]
)
def test_the_colours_of_this_device(anna: User, as_user: SignIn, theme: str, words: str) -> None:
    client = as_user(anna)
    client.cookies["theme"] = theme
    assert words in client.get(URL).content.decode()


def test_a_page_that_is_one_place_has_its_price(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.user("guardian"))
    client.get(URL)
    with CaptureQueriesContext(connection) as asked:
        client.get(URL)
    assert len(asked) <= 13
