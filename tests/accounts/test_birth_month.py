"""The month of birth: who writes it, who is told, and which changes only the staff make."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Student
from apps.accounts.models.students import AgeBand
from apps.core.models import AuditEvent
from apps.notifications.services import deliver_due
from tests.accounts.test_admin import with_factor
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student

from .test_majority import BIRTHDAY, BORN, DAY, SignIn, grow_up, kinds, run


@pytest.fixture
def mia(cast: Cast) -> Student:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=BORN, time_zone="Europe/Berlin")
    cast.student.refresh_from_db()
    return cast.student


@pytest.fixture
def ida(cast: Cast) -> Student:
    """Has a guardian and no sign-in."""
    student = make_student("Ida Qzida", birth_month=BORN)
    make_guardianship(student, cast.user("guardian"))
    return student


def sent(**fields: Any) -> dict[str, Any]:
    return {"name": "Mia", "time_zone": "Berlin", "instruments": "", "level": "", "goal": ""} | fields


def edit(client: Client, student: Student, **fields: Any) -> str:
    return client.post(
        reverse("accounts:student-edit", args=[student.pk]), sent(**fields), follow=True
    ).content.decode()


def test_a_guardian_writes_it_and_the_others_are_told(cast: Cast, as_user: SignIn) -> None:
    edit(as_user(cast.user("guardian")), cast.student, birth_month="5", birth_year=" 2012 ")
    cast.student.refresh_from_db()
    assert cast.student.birth_month == date(2012, 5, 1)
    event = AuditEvent.objects.get(action="student.birth-month-changed")
    assert (event.actor_id, event.details) == (cast.user("guardian").pk, {})
    assert kinds() == {"accounts.birth-month-changed": 2}
    assert deliver_due(clock=timezone.now) == 2


def test_the_same_month_again_tells_nobody(cast: Cast, as_user: SignIn, mia: Student) -> None:
    page = as_user(cast.user("guardian")).get(reverse("accounts:student-edit", args=[mia.pk]))
    initial = {name: page.context["form"].fields[name].initial for name in ("birth_month", "birth_year")}
    assert initial == {"birth_month": BORN.month, "birth_year": BORN.year}
    edit(as_user(cast.user("guardian")), mia, **initial)
    assert kinds() == {}


@pytest.mark.parametrize(
    ("month", "year", "said"),
    [
        ("13", "2012", "Choose a month."),
        ("soon", "2012", "Choose a month."),
        ("", "2012", "Choose the month."),
        ("5", "", "Write the year with four digits."),
        ("5", "1800", "Write the year with four digits."),
        ("5", "2900", "Write the year with four digits."),
        ("5", "99999", "Write the year with four digits."),
    ],
)
def test_what_is_no_month_is_said_beside_the_field(
    cast: Cast, as_user: SignIn, month: str, year: str, said: str
) -> None:
    page = edit(
        as_user(cast.user("guardian")), cast.student, birth_month=month, birth_year=year, goal="Kept words"
    )
    assert page.count(said) == 1
    assert "Kept words" in page
    assert not year or f'value="{year}"' in page
    assert Student.objects.get(pk=cast.student.pk).birth_month is None


def test_it_can_be_taken_back_while_a_guardian_signs_the_child_in(
    cast: Cast, as_user: SignIn, ida: Student
) -> None:
    edit(as_user(cast.user("guardian")), ida, birth_month="", birth_year="")
    ida.refresh_from_db()
    assert ida.birth_month is None


@pytest.mark.parametrize(("month", "year"), [("6", "2010"), ("5", "2016"), ("", "")])
def test_a_guardian_puts_off_nobodys_coming_of_age(
    cast: Cast, as_user: SignIn, mia: Student, month: str, year: str
) -> None:
    """Mia has a sign-in of her own: whoever makes her younger would be her guardian for longer."""
    run(BIRTHDAY - 30 * DAY)
    page = edit(
        as_user(cast.user("guardian")), mia, birth_month=month, birth_year=year, instruments="Kept words"
    )
    assert page.count("Mia signs in without you") == 1
    assert "Kept words" in page
    mia.refresh_from_db()
    assert (mia.birth_month, mia.majority_told_at) == (BORN, BIRTHDAY - 30 * DAY)
    assert run(BIRTHDAY) == 1


def test_an_earlier_month_begins_no_new_count(cast: Cast, mia: Student) -> None:
    """Else the day could be put off a week at a time, a month of birth after the other."""
    run(BIRTHDAY - 30 * DAY)
    services.correct_birth_month(
        student=mia, birth_month=date(2010, 4, 1), by=cast.user("staff"), now=BIRTHDAY - DAY
    )
    assert kinds()["accounts.birth-month-changed"] == 3
    assert run(BIRTHDAY) == 1


@pytest.mark.parametrize("known", [{"birth_month": BORN}, {"birth_month": None, "age_band": AgeBand.CHILD}])
def test_a_guardian_makes_no_adult_of_a_child(
    cast: Cast, as_user: SignIn, ida: Student, known: dict[str, Any]
) -> None:
    """With a stranger in the child's place the diary would be theirs a week later."""
    Student.objects.filter(pk=ida.pk).update(**known)
    page = edit(as_user(cast.user("guardian")), ida, birth_month="5", birth_year="2007")
    assert page.count("is under 18") == 1
    ida.refresh_from_db()
    assert ida.birth_month == known["birth_month"]


def correct(client: Client, student: Student, birth_month: str) -> None:
    sent = {"name": student.name, "time_zone": "UTC", "day_ends_at_hour": "3", "max_minutes": ""}
    answer = client.post(
        reverse("admin:accounts_student_change", args=[student.pk]), sent | {"birth_month": birth_month}
    )
    assert answer.status_code == 302
    student.refresh_from_db()


def test_the_staff_correct_it_in_any_direction(cast: Cast, as_user: SignIn, mia: Student) -> None:
    run(BIRTHDAY - 30 * DAY)
    office = as_user(with_factor(cast.user("superuser")))
    correct(office, mia, "2012-05-01")
    assert (mia.birth_month, mia.majority_told_at) == (date(2012, 5, 1), None)
    assert kinds()["accounts.birth-month-changed"] == 3
    event = AuditEvent.objects.get(action="student.birth-month-changed")
    assert event.actor_id == cast.user("superuser").pk
    correct(office, mia, "1999-05-01")
    assert (mia.birth_month, mia.age_band) == (date(1999, 5, 1), AgeBand.TEEN)
    correct(office, mia, "1999-05-01")
    assert AuditEvent.objects.filter(action="student.birth-month-changed").count() == 2


def test_without_guardians_the_staffs_month_makes_an_adult_at_once(cast: Cast) -> None:
    student = make_student("Ada", user=cast.user("stranger"), age_band=AgeBand.TEEN)
    services.correct_birth_month(
        student=student, birth_month=date(1999, 5, 1), by=cast.user("staff"), now=timezone.now()
    )
    student.refresh_from_db()
    assert student.age_band == AgeBand.ADULT


def test_a_child_neither_sees_nor_changes_it(cast: Cast, as_user: SignIn, mia: Student) -> None:
    client = as_user(cast.user("student"))
    page = client.get(reverse("accounts:student-edit", args=[mia.pk])).content.decode()
    assert "birth_month" not in page
    edit(client, mia, birth_month="1", birth_year="2000")
    mia.refresh_from_db()
    assert mia.birth_month == BORN


def test_a_teacher_before_anybody_joined_does_not_write_it(cast: Cast, as_user: SignIn) -> None:
    leo = make_student("Leo")
    cast.user("teacher").teachings.create(student=leo, instrument="Piano", started_at=timezone.now() - DAY)
    edit(as_user(cast.user("teacher")), leo, birth_month="1", birth_year="2000")
    assert Student.objects.get(pk=leo.pk).birth_month is None


def test_guardians_and_adults_see_it_on_the_profile(cast: Cast, as_user: SignIn, mia: Student) -> None:
    people = reverse("private_teaching:student-people", args=[mia.pk])

    def seen_by(name: str) -> bool:
        return "May 2010" in as_user(cast.user(name)).get(people).content.decode()

    assert [seen_by(name) for name in ("guardian", "student", "teacher")] == [True, False, False]
    grow_up(mia)
    assert seen_by("student")
