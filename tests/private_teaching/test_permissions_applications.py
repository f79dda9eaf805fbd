"""The matrix of teachers' pages and of requests for lessons, by equality."""

from datetime import timedelta

import pytest
from django.db.models import Model
from django.utils import timezone

from apps.accounts.models import Guardianship, Student
from apps.accounts.models.students import AgeBand
from apps.accounts.services import lock_family, unlock_family
from apps.core import access
from apps.home.roles import roles_of
from apps.private_teaching import queries, services
from apps.private_teaching.models import Application, ApplicationMessage, TeacherProfile, Teaching
from apps.private_teaching.models.applications import ENDED_STATES, ApplicationState
from tests.conftest import Cast
from tests.factories.accounts import birth_month, make_guardianship, make_student
from tests.factories.children import make_child_login
from tests.factories.private_teaching import make_application, make_page, say

GUARDIANS = {"guardian", "second_guardian"}
FAMILY = {"student"} | GUARDIANS
TEACHER = {"other_teacher"}
# While it waits: Mia is too young to ask alone, so she reads and her guardians write.
OPEN = {
    "view": FAMILY | TEACHER,
    "comment": GUARDIANS | TEACHER,
    "answer": TEACHER,
    "agree": GUARDIANS,
    "withdraw": GUARDIANS,
}


def who(cast: Cast, row: Model, action: str) -> set[str]:
    queryset = type(row)._default_manager.filter(pk=row.pk)
    return {
        name for name, user in vars(cast.people).items() if access.allowed(queryset, action, user).exists()
    }


@pytest.fixture
def asked(cast: Cast) -> Application:
    """Mia's guardian asks Noah's teacher."""
    return make_application(cast.user("other_teacher"), cast.student, cast.user("guardian"))


def matrix(cast: Cast, row: Application) -> dict[str, set[str]]:
    return {action: who(cast, row, action) for action in OPEN}


def test_while_it_waits(cast: Cast, asked: Application) -> None:
    assert matrix(cast, asked) == OPEN


def test_only_the_teacher_who_was_asked_is_told(cast: Cast, asked: Application) -> None:
    """Who has a studio of their own, and was not asked, sees no number beside it."""

    def told() -> set[str]:
        return {name for name, user in vars(cast.people).items() if roles_of(user).requests}

    assert told() == TEACHER
    services.withdraw(application=asked, by=cast.user("guardian"), now=timezone.now())
    assert told() == set()


def test_on_the_waiting_list_nothing_else_holds(cast: Cast, asked: Application) -> None:
    services.put_on_waiting_list(application=asked, by=cast.user("other_teacher"), now=timezone.now())
    assert matrix(cast, asked) == OPEN


@pytest.mark.parametrize("state", [each for each in ENDED_STATES if each != ApplicationState.ACCEPTED])
def test_when_it_is_over_the_family_reads_and_nobody_else(
    cast: Cast, asked: Application, state: ApplicationState
) -> None:
    Application.objects.update(state=state, ended_at=timezone.now())
    assert matrix(cast, asked) == {key: set() for key in OPEN} | {"view": FAMILY}


def test_what_is_over_by_its_date_is_over_at_that_moment(cast: Cast, asked: Application) -> None:
    Application.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert matrix(cast, asked) == {key: set() for key in OPEN} | {"view": FAMILY}


def test_who_comes_late_is_told_so(cast: Cast, asked: Application) -> None:
    assert who(cast, asked, "come_late") == FAMILY | TEACHER
    Application.objects.update(state="withdrawn", ended_at=timezone.now())
    assert who(cast, asked, "come_late") == FAMILY | TEACHER
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    assert who(cast, asked, "come_late") == FAMILY - {"guardian"} | TEACHER


def test_an_accepted_one_is_the_teachers_while_the_lessons_last(cast: Cast, asked: Application) -> None:
    services.accept(application=asked, by=cast.user("other_teacher"), now=timezone.now())
    assert matrix(cast, asked) == {key: set() for key in OPEN} | {"view": FAMILY | TEACHER}
    Teaching.objects.filter(teacher=cast.user("other_teacher")).update(ended_at=timezone.now())
    assert who(cast, asked, "view") == FAMILY


def test_a_suspended_teacher_sees_no_request(cast: Cast, asked: Application) -> None:
    """By the rule alone, whatever became of the row."""
    TeacherProfile.objects.update(state="suspended", reason="So")
    assert matrix(cast, asked) == {
        "view": FAMILY,
        "comment": GUARDIANS,
        "answer": set(),
        "agree": GUARDIANS,
        "withdraw": GUARDIANS,
    }


def test_a_suspended_teacher_sees_no_accepted_one_either(cast: Cast, asked: Application) -> None:
    services.accept(application=asked, by=cast.user("other_teacher"), now=timezone.now())
    TeacherProfile.objects.update(state="suspended", reason="So")
    assert who(cast, asked, "view") == FAMILY


def test_while_the_family_is_held_still_nobody_asks_or_agrees(cast: Cast, asked: Application) -> None:
    lock = lock_family(student=cast.student, reason="Order", by=cast.user("staff"), now=timezone.now())
    assert matrix(cast, asked) == OPEN, "a service refuses it, and says why"
    assert who(cast, cast.student, "apply") == set()
    unlock_family(lock=lock, by=cast.user("staff"), now=timezone.now())
    assert matrix(cast, asked) == OPEN
    assert who(cast, cast.student, "apply") == GUARDIANS


def test_who_is_no_guardian_any_more_sees_nothing(cast: Cast, asked: Application) -> None:
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(suspended_at=timezone.now())
    assert matrix(cast, asked) == {
        "view": FAMILY - {"guardian"} | TEACHER,
        "comment": {"second_guardian"} | TEACHER,
        "answer": TEACHER,
        "agree": {"second_guardian"},
        "withdraw": {"second_guardian"},
    }


# Whoever is old enough to agree where they live, and has a guardian


@pytest.fixture
def old_enough(cast: Cast) -> Student:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=birth_month(16), country="DE")
    return Student.objects.get(pk=cast.student.pk)


def test_a_student_who_is_old_enough_asks_and_a_guardian_decides(cast: Cast, old_enough: Student) -> None:
    assert who(cast, old_enough, "apply") == FAMILY
    row = make_application(cast.user("other_teacher"), old_enough, cast.user("student"))
    assert matrix(cast, row) == OPEN | {"comment": FAMILY | TEACHER, "withdraw": FAMILY}
    assert not queries.is_agreed(row)


def test_what_a_guardian_asked_is_a_guardians_to_take_back(cast: Cast, old_enough: Student) -> None:
    row = make_application(cast.user("other_teacher"), old_enough, cast.user("guardian"))
    assert who(cast, row, "withdraw") == GUARDIANS


def test_nobody_under_age_asks_without_a_guardian(cast: Cast, old_enough: Student) -> None:
    """There would be nobody to read what a stranger writes."""
    Guardianship.objects.filter(student=old_enough).update(ended_at=timezone.now())
    assert who(cast, old_enough, "apply") == set()


def test_without_an_adult_nobody_agrees_and_the_teacher_writes_to_nobody(
    cast: Cast, old_enough: Student
) -> None:
    row = make_application(cast.user("other_teacher"), old_enough, cast.user("guardian"))
    Guardianship.objects.filter(student=old_enough).update(ended_at=timezone.now())
    assert who(cast, row, "agree") == who(cast, row, "comment") == set()
    assert who(cast, row, "withdraw") == {"student"}


def test_a_younger_student_never_asks(cast: Cast) -> None:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=birth_month(15), country="DE")
    assert who(cast, cast.student, "apply") == GUARDIANS


def test_a_childs_session_has_no_part_in_it(cast: Cast) -> None:
    """Whatever its age: the account is a guardian's making, and the list of its rules is shut to this."""
    mother = cast.user("guardian")
    zoe = make_student("Zoe", birth_month=birth_month(17), country="AT")
    make_guardianship(zoe, mother)
    child = make_child_login(zoe, mother).user
    row = make_application(cast.user("other_teacher"), zoe, mother)
    message = say(row, mother)
    assert not access.is_allowed("apply", child, zoe)
    assert not any(access.is_allowed(action, child, row) for action in OPEN)
    assert not access.is_allowed("view", child, message)
    assert not access.is_allowed("publish", child, child)


def test_an_adult_asks_alone(cast: Cast) -> None:
    me = cast.user("stranger")
    grown = make_student("Ben", user=me, age_band=AgeBand.ADULT)
    assert who(cast, grown, "apply") == {"stranger"}
    row = make_application(cast.user("other_teacher"), grown, me)
    both = {"stranger"} | TEACHER
    expected = {"view": both, "comment": both, "agree": {"stranger"}, "withdraw": {"stranger"}}
    assert matrix(cast, row) == expected | {"answer": TEACHER}
    assert queries.is_agreed(row)


# Messages


def test_messages_are_read_by_all_who_see_the_request(cast: Cast, asked: Application) -> None:
    row = say(asked, cast.user("other_teacher"))
    assert {action: who(cast, row, action) for action in ("view", "delete")} == {
        "view": FAMILY | TEACHER,
        "delete": TEACHER,
    }
    services.take_back_message(message=row, by=cast.user("other_teacher"), now=timezone.now())
    assert who(cast, row, "view") == who(cast, row, "delete") == set()


def test_messages_of_what_is_over_stay_with_the_family(cast: Cast, asked: Application) -> None:
    row = ApplicationMessage.objects.get()
    services.withdraw(application=asked, by=cast.user("guardian"), now=timezone.now())
    assert who(cast, row, "view") == FAMILY
    assert who(cast, row, "delete") == {"guardian"}


# The page


def test_a_page_is_its_teachers_to_write(cast: Cast) -> None:
    row = make_page(cast.user("other_teacher"))
    assert {action: who(cast, row, action) for action in ("view", "change")} == {
        "view": TEACHER,
        "change": TEACHER,
    }
    services.suspend_page(profile=row, reason="So", by=cast.user("superuser"), now=timezone.now())
    assert who(cast, row, "view") == TEACHER
    assert who(cast, row, "change") == set()


def test_every_rule_here_has_its_row() -> None:
    rules = access.registered_rules()
    assert {action for model, action in rules if model is Application} == {*OPEN, "come_late"}
    assert {action for model, action in rules if model is ApplicationMessage} == {"view", "delete"}
    assert {action for model, action in rules if model is TeacherProfile} == {"view", "change"}
