"""The sheet of cards for a whole studio."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]


@pytest.fixture
def leo(cast: Cast) -> Student:
    student = make_student("Leo")
    make_teaching(cast.user("teacher"), student)
    return student


def make_code(student: Student, by: User) -> Invitation:
    return services.invite_by_code(student=student, role=InvitationRole.GUARDIAN, by=by, now=timezone.now())


def test_a_sheet_for_all_whose_family_is_to_come(cast: Cast, leo: Student, as_user: SignIn) -> None:
    teacher, client = cast.user("teacher"), as_user(cast.user("teacher"))
    ana = make_student("Ana")
    make_teaching(teacher, ana)
    address = reverse("private_teaching:code-sheet")
    before = client.get(address).content.decode()
    assert before.index("Ana") < before.index("Leo")
    assert cast.student.name not in before
    client.post(address, {"role": "guardian", "students": [str(ana.pk), str(leo.pk)]})
    rows = Invitation.objects.order_by("student__name")
    assert [(row.student, row.role, row.invited_by) for row in rows] == [
        (ana, "guardian", teacher),
        (leo, "guardian", teacher),
    ]
    sheet = client.get(address).content.decode()
    for row in rows:
        assert row.spaced_code in sheet
    assert sheet.count('class="qr"') == 2
    assert 'name="students"' not in sheet


def test_a_sheet_shows_a_teachers_own_codes_only(cast: Cast, leo: Student, as_user: SignIn) -> None:
    second = cast.user("second_teacher")
    make_teaching(second, leo, "Flute")
    row = make_code(leo, second)
    sheet = as_user(cast.user("teacher")).get(reverse("private_teaching:code-sheet")).content.decode()
    assert row.spaced_code not in sheet


def test_a_strangers_student_cannot_be_put_on_a_sheet(cast: Cast, leo: Student, as_user: SignIn) -> None:
    alone = make_student("Alone")
    address = reverse("private_teaching:code-sheet")
    for key in (cast.other_student.pk, cast.student.pk, alone.pk, "x"):
        answer = as_user(cast.user("teacher")).post(address, {"role": "guardian", "students": [str(key)]})
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode() or "invalid-feedback" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_choosing_nobody_is_said(cast: Cast, leo: Student, as_user: SignIn) -> None:
    answer = as_user(cast.user("teacher")).post(reverse("private_teaching:code-sheet"), {"role": "student"})
    assert "Choose at least one student." in answer.content.decode()


def test_who_had_the_last_code_meanwhile_is_left_out(cast: Cast, leo: Student) -> None:
    for _ in range(5):
        make_code(leo, cast.user("teacher"))
    ana = make_student("Ana", user=make_user("Ana"), age_band=AgeBand.ADULT)
    bo = make_student("Bo")
    made = services.make_codes(
        students=[leo, ana, bo], role=InvitationRole.STUDENT, by=cast.user("teacher"), now=timezone.now()
    )
    assert made == 1
    assert Invitation.objects.get(student=bo).role == "student"


def test_an_empty_studio_is_told_what_comes_first(as_user: SignIn, db: None) -> None:
    page = as_user(make_user("New")).get(reverse("private_teaching:code-sheet")).content.decode()
    assert "Nobody waits for a code" in page
    assert reverse("private_teaching:student-create") in page
