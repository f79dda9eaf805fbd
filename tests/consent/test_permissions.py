"""Who decides and who reads, by equality; and that the posts of everybody else change nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand
from apps.consent.models import ConsentEvent
from apps.core import access
from tests.conftest import Cast
from tests.factories.accounts import birth_month, make_guardianship, make_student
from tests.factories.children import make_child_login
from tests.factories.consent import make_consent
from tests.privacy.conftest import confirmed

SignIn = Callable[[User], Client]
GUARDIANS = {"guardian", "second_guardian"}
# Mia is a teenager with two guardians.
MIA = {
    "decide_consents": GUARDIANS,
    "withdraw_consents": GUARDIANS,
    "view_consents": GUARDIANS | {"student"},
}


def who(cast: Cast, student: Student, action: str) -> set[str]:
    rows = Student.objects.filter(pk=student.pk)
    return {name for name, user in vars(cast.people).items() if access.allowed(rows, action, user).exists()}


@pytest.mark.parametrize("action", MIA)
def test_a_child_with_guardians(cast: Cast, action: str) -> None:
    assert who(cast, cast.student, action) == MIA[action]


@pytest.mark.parametrize(
    ("age", "country", "decides"),
    [
        (12, "GB", False),
        (13, "GB", True),
        (15, "DE", False),
        (16, "DE", True),
        (17, "IN", False),
        (18, "IN", True),
    ],
)
def test_somebody_without_a_guardian_decides_from_the_countrys_age(
    cast: Cast, age: int, country: str, decides: bool
) -> None:
    student = make_student("Teo", user=cast.user("stranger"), birth_month=birth_month(age), country=country)
    assert who(cast, student, "decide_consents") == ({"stranger"} if decides else set())
    assert who(cast, student, "view_consents") == {"stranger"}


def test_a_guardian_decides_until_the_person_is_an_adult_with_a_sign_in(cast: Cast) -> None:
    """At 17 the guardian decides, at 18 the person; but who cannot sign in could decide nothing."""
    student = make_student("Teo", user=cast.user("stranger"), birth_month=birth_month(17), country="DE")
    make_guardianship(student, cast.user("guardian"))
    assert who(cast, student, "decide_consents") == {"guardian"}
    Student.objects.filter(pk=student.pk).update(birth_month=birth_month(18))
    assert who(cast, student, "decide_consents") == {"stranger"}
    Student.objects.filter(pk=student.pk).update(user=None)
    assert who(cast, student, "decide_consents") == {"guardian"}


def test_whoever_said_they_are_an_adult_decides_though_a_guardian_is_still_there(cast: Cast) -> None:
    """Where no month of birth is known, what was said once counts."""
    student = make_student("Teo", user=cast.user("stranger"), age_band=AgeBand.ADULT, country="DE")
    make_guardianship(student, cast.user("guardian"))
    assert student.birth_month is None
    assert who(cast, student, "decide_consents") == {"stranger"}


def test_a_child_with_pictures_becomes_18(cast: Cast) -> None:
    """They could decide nothing with that sign-in, so the guardians go on until there is one of their own."""
    student = make_student("Teo", birth_month=birth_month(17))
    make_guardianship(student, cast.user("guardian"))
    login = make_child_login(student, cast.user("guardian")).user
    Student.objects.filter(pk=student.pk).update(birth_month=birth_month(18))
    assert who(cast, student, "decide_consents") == {"guardian"}
    assert not access.is_allowed("decide_consents", login, student)


def test_nobody_gets_rid_of_their_guardian_by_objecting(cast: Cast) -> None:
    """While the staff have not decided, a teenager does not decide alone."""
    student = make_student("Teo", user=cast.user("stranger"), birth_month=birth_month(14), country="US")
    make_guardianship(student, cast.user("guardian"), suspended_at=timezone.now())
    assert who(cast, student, "decide_consents") == set()
    assert who(cast, student, "view_consents") == {"stranger"}


def test_whoever_gave_it_may_take_it_back(cast: Cast) -> None:
    """While they belong to the family: who decided alone, also when others decide by now."""
    student = make_student("Teo", user=cast.user("stranger"), birth_month=birth_month(14), country="DE")
    make_guardianship(student, cast.user("guardian"))
    assert who(cast, student, "withdraw_consents") == {"guardian"}
    make_consent(student, cast.user("stranger"))
    make_consent(student, cast.user("teacher"))
    assert who(cast, student, "withdraw_consents") == {"guardian", "stranger"}


def test_an_age_that_was_only_said_counts_as_the_least_it_can_be(cast: Cast) -> None:
    student = make_student("Teo", user=cast.user("stranger"), age_band=AgeBand.TEEN, country="GB")
    assert who(cast, student, "decide_consents") == {"stranger"}
    Student.objects.filter(pk=student.pk).update(country="DE")
    assert who(cast, student, "decide_consents") == set()
    Student.objects.filter(pk=student.pk).update(age_band=AgeBand.ADULT)
    assert who(cast, student, "decide_consents") == {"stranger"}


def test_a_say_ends_with_the_guardianship(cast: Cast) -> None:
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    assert who(cast, cast.student, "decide_consents") == {"second_guardian"}


POSTS = {
    "give": {"purpose": "insights", "version": "1"},
    "withdraw": {"purpose": "core"},
    "country": {"country": "GB"},
}


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize(
    ("role", "status"),
    [("student", 403), ("teacher", 403), ("commenter", 403), ("logger", 403), ("former_guardian", 404)],
)
def test_a_child_or_a_teacher_sends_the_guardians_form(
    cast: Cast, as_user: SignIn, post: str, role: str, status: int
) -> None:
    """Also right after giving their own password."""
    before = list(ConsentEvent.objects.values())
    client = confirmed(as_user(cast.user(role)))
    answer = client.post(f"/students/{cast.student.pk}/consents/{post}/", POSTS[post])
    assert answer.status_code == status
    cast.student.refresh_from_db()
    assert (cast.student.collecting, cast.student.country) == (True, "")
    assert list(ConsentEvent.objects.values()) == before
