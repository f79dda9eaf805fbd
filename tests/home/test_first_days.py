"""The first days: every empty page says what to do next, and no button leads to nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.core.checklists import Checklist
from apps.home.queries.roster import roster_page
from apps.home.queries.student import student_home
from apps.parent_portal.queries import family_page
from apps.practice.models import NewMark
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_invitation, make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]


@pytest.fixture
def anna(db: None) -> User:
    return make_user("Anna")


@pytest.fixture
def ben(anna: User) -> Student:
    """Anna's own diary; she looks after it as a guardian and teaches it as well, to spare two people."""
    student = make_student("Ben", user=anna, age_band=AgeBand.TEEN)
    make_guardianship(student, anna)
    make_teaching(anna, student)
    return student


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def diary_steps(user: User, student: Student) -> dict[str, str]:
    """Role → where its step about reading the diary leads."""
    now = timezone.now()
    lists: dict[str, Checklist | None] = {
        "teacher": roster_page(user, now=now).checklist,
        "student": student_home(user, student, now=now).checklist,
        "guardian": family_page(user, now=now).checklist,
    }
    return {
        role: next(step.url for step in found.steps if step.action == "Open the diary")
        for role, found in lists.items()
        if found is not None
    }


def test_no_step_opens_an_empty_diary(anna: User, ben: Student) -> None:
    empty = make_student("Zoe")  # the newest pupil and child has nothing to read yet
    make_guardianship(empty, anna)
    make_teaching(anna, empty)
    assert diary_steps(anna, ben) == {"teacher": "", "student": "", "guardian": ""}
    make_entry(ben, anna)
    diary = reverse("practice:entry-list", args=[ben.pk])
    assert diary_steps(anna, ben) == {"teacher": diary, "student": diary, "guardian": diary}


def test_one_step_at_a_time_asks_a_student_to_log(anna: User, ben: Student) -> None:
    def asked() -> list[bool]:
        found = student_home(anna, ben, now=timezone.now()).checklist
        assert found is not None
        return [bool(step.url) for step in found.steps if step.action == "Log now"]

    assert asked() == [True, False]
    make_entry(ben, anna)
    assert asked() == [True, True]


def test_a_week_without_practice_is_said_kindly(anna: User, ben: Student, as_user: SignIn) -> None:
    client = as_user(anna)
    assert "No practice in the last seven days. A few minutes count." in page(client, "home:student")
    make_entry(ben, anna)
    assert "1 day in the last week, 30 min together." in page(client, "home:student")


def test_a_studio_in_which_nobody_logged_has_not_been_seen_yet(
    anna: User, ben: Student, as_user: SignIn
) -> None:
    client = as_user(anna)
    assert "Nothing yet. What your students log stands here" in page(client, "home:roster")
    make_entry(ben, make_user("Mum"))
    client.post(reverse("practice:entry-mark-seen"), {"mark": str(NewMark.objects.get().pk)})
    assert "You have seen everything." in page(client, "home:roster")


@pytest.mark.parametrize("is_invited", [True, False])
def test_an_invitation_comes_first_and_none_comes_last(anna: User, as_user: SignIn, is_invited: bool) -> None:
    if is_invited:
        make_invitation(make_student("Leo"), make_user("Mum"), anna.email)
    html = page(as_user(anna), "home:start")
    assert html.count('id="invited"') == 1
    assert (html.index('id="invited"') < html.index('id="teach"')) is is_invited


def test_the_people_of_somebody_who_stands_alone(anna: User, as_user: SignIn) -> None:
    own = make_student("Anna", user=anna, age_band=AgeBand.ADULT)
    client = as_user(anna)
    assert "Private entries: only you." in page(client, "private_teaching:student-people", own.pk)
    make_guardianship(own, make_user("Mum"))
    assert "only the student and the guardians" in page(client, "private_teaching:student-people", own.pk)


@pytest.mark.parametrize(
    ("who", "asks"), [("student", "What did you practise?"), ("guardian", "What was practised?")]
)
def test_the_form_asks_whoever_writes(cast: Cast, as_user: SignIn, who: str, asks: str) -> None:
    Student.objects.filter(pk=cast.student.pk).update(user=cast.user("student"))
    html = page(as_user(cast.user(who)), "practice:entry-log", cast.student.pk)
    assert f"<h1>{asks}</h1>" in html.replace(' dir="auto"', "")
    assert ("What did you practise?" in html) is (who == "student")


def test_an_empty_diary_shows_a_teacher_whom_to_ask(anna: User, as_user: SignIn) -> None:
    leo = make_student("Leo")
    make_teaching(anna, leo)
    html = page(as_user(anna), "practice:entry-list", leo.pk)
    people = reverse("private_teaching:student-people", args=[leo.pk])
    assert "Nothing here yet" in html
    assert f'href="{people}"' in html
