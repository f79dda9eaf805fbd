"""The matrices of one's own account, by equality."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from apps.accounts.models import Student, User, UserSession
from apps.accounts.models.students import AgeBand
from apps.core import access
from apps.privacy.services.eraser import close_diary
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import make_page, make_teaching
from tests.factories.sessions import make_session

SESSION = {"view": {"guardian"}, "end": {"guardian"}}


# Who sees whose photo. Mia's people know each other; a teenager's photo nobody would see.
MIAS = {
    "student",
    "guardian",
    "second_guardian",
    "teacher",
    "second_teacher",
    "viewer",
    "commenter",
    "logger",
}
NOAHS = {"other_guardian", "other_teacher"}
FACES = {
    "student": set(),
    **dict.fromkeys(MIAS - {"student"}, MIAS),
    **dict.fromkeys(NOAHS, NOAHS),
    **{
        name: {name}
        for name in ("former_guardian", "former_teacher", "expired_guest", "stranger", "staff", "superuser")
    },
}


@pytest.mark.parametrize("whose", FACES)
def test_a_photo_is_for_who_stands_on_the_same_page(cast: Cast, whose: str) -> None:
    row = User.objects.filter(pk=cast.user(whose).pk)
    may = {name for name, user in vars(cast.people).items() if access.allowed(row, "see_face", user).exists()}
    assert may == FACES[whose]


# For whom something speaks for being grown up: they answer for a child, or teach, today.
GROWN_UP = {"guardian", "second_guardian", "other_guardian", "teacher", "second_teacher", "other_teacher"}


def may_show(*users: User) -> list[bool]:
    return [access.is_allowed("show_face", user, user) for user in users]


def test_a_photo_is_shown_by_oneself_and_by_grown_ups_alone(cast: Cast) -> None:
    may = {
        name: set(access.allowed(User.objects.all(), "show_face", user))
        for name, user in vars(cast.people).items()
    }
    assert may == {name: {user} if name in GROWN_UP else set() for name, user in vars(cast.people).items()}


@pytest.mark.parametrize("band", AgeBand)
def test_an_own_diary_speaks_for_a_photo_if_it_is_an_adults(cast: Cast, band: AgeBand) -> None:
    """And against it otherwise, whatever speaks for it."""
    for who in ("stranger", "teacher"):
        make_student("Own", user=cast.user(who), age_band=band)
    assert may_show(cast.user("stranger"), cast.user("teacher")) == [band == AgeBand.ADULT] * 2


@pytest.mark.parametrize(
    ("who", "speaks"), [("nobody", False), ("themselves", False), ("login", True), ("guardian", True)]
)
def test_lessons_speak_for_a_photo_once_somebody_joined(cast: Cast, who: str, speaks: bool) -> None:
    """Everybody may write a student down and call it lessons."""
    ida, child = cast.user("stranger"), make_student("Ben", age_band=AgeBand.CHILD)
    make_teaching(ida, child)
    if who == "login":
        Student.objects.filter(pk=child.pk).update(user=make_user("Ben"))
    elif who == "guardian":
        make_guardianship(child, make_user("Parent of Ben"))
    elif who == "themselves":
        # An own diary that is not an adult's is refused anyway; an adult's speaks for itself.
        assert not Teaching.objects.by(ida).of_joined().exists()
        Student.objects.filter(pk=child.pk).update(user=ida)
    assert Teaching.objects.by(ida).of_joined().exists() == speaks
    assert may_show(ida) == [speaks]
    Teaching.objects.filter(teacher=ida).update(ended_at=timezone.now())
    assert may_show(ida) == [False]


@pytest.mark.parametrize("public", [True, False])
def test_an_approved_page_speaks_for_a_photo(cast: Cast, public: bool) -> None:
    make_page(cast.user("stranger"), public=public)
    assert may_show(cast.user("stranger")) == [public]


def test_a_refused_answer_about_age_shuts_it(cast: Cast) -> None:
    guardian = cast.user("guardian")
    User.objects.filter(pk=guardian.pk).update(age_refused_at=timezone.now())
    assert may_show(guardian, cast.user("second_guardian")) == [False, True]
    row = User.objects.filter(pk=guardian.pk)
    assert not access.allowed(row, "see_face", cast.user("teacher")).exists()


def test_a_diary_that_is_erased_makes_nobody_grown_up(cast: Cast) -> None:
    teenager = cast.user("student")
    close_diary(cast.student.pk, now=timezone.now())
    assert may_show(teenager) == [False]


def test_a_session_is_its_owners(cast: Cast) -> None:
    row = UserSession.objects.filter(pk=make_session(cast.user("guardian")).pk)
    may = {
        action: {
            name for name, user in vars(cast.people).items() if access.allowed(row, action, user).exists()
        }
        for action in SESSION
    }
    assert may == SESSION


def test_an_account_elsewhere_is_its_owners(cast: Cast) -> None:
    made = SocialAccount.objects.create(user=cast.user("teacher"), provider="school", uid="person-1")
    row = SocialAccount.objects.filter(pk=made.pk)
    may = {
        action: {
            name for name, user in vars(cast.people).items() if access.allowed(row, action, user).exists()
        }
        for action in ("view", "end")
    }
    assert may == {"view": {"teacher"}, "end": {"teacher"}}
