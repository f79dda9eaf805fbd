"""A newcomer to a family asks a teacher; somebody who was there before objects to the newcomer."""

from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Guardianship, Invitation, Student
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.services import object_to_guardian
from apps.core.access import is_allowed
from apps.private_teaching import services
from apps.private_teaching.models import Application, Teaching
from tests.conftest import Cast
from tests.factories.accounts import birth_month, make_guardianship, make_invitation, make_user
from tests.factories.private_teaching import make_application, make_teaching

from .walks import SignIn, accept, address, state_of


@pytest.fixture
def newcomer(cast: Cast) -> Guardianship:
    return make_guardianship(cast.student, make_user("Newcomer"), started_at=timezone.now())


def object_to(newcomer: Guardianship, cast: Cast, by: str = "guardian") -> None:
    object_to_guardian(guardianship=newcomer, by=cast.user(by), reason="", now=timezone.now())


@pytest.mark.parametrize("by", ["guardian", "student"])
def test_the_newcomers_teacher_reads_no_further(cast: Cast, newcomer: Guardianship, by: str) -> None:
    row = make_application(cast.user("other_teacher"), cast.student, newcomer.guardian)
    lessons = accept(row)
    assert is_allowed("view", row.teacher, cast.student)
    object_to(newcomer, cast, by)
    assert not is_allowed("view", row.teacher, cast.student)
    assert not is_allowed("view", row.teacher, row)
    lessons.refresh_from_db()
    assert lessons.paused_by == cast.user(by)
    assert not is_allowed("resume", row.teacher, lessons)
    assert is_allowed("resume", cast.user("guardian"), lessons)


def test_others_who_teach_go_on(cast: Cast, newcomer: Guardianship) -> None:
    row = make_application(cast.user("other_teacher"), cast.student, cast.user("guardian"))
    accept(row)
    object_to(newcomer, cast)
    assert not Teaching.objects.paused().exists()


def test_what_a_teacher_paused_is_the_familys_to_resume(cast: Cast, newcomer: Guardianship) -> None:
    lessons = accept(make_application(cast.user("other_teacher"), cast.student, newcomer.guardian))
    facts: dict[str, Any] = {"teaching": lessons, "by": lessons.teacher, "now": timezone.now()}
    services.pause_teaching(since=timezone.now(), reason="Ill", **facts)
    object_to(newcomer, cast)
    assert not is_allowed("resume", lessons.teacher, lessons)


@pytest.mark.parametrize("how", ["asked", "agreed"])
def test_what_the_newcomer_asked_or_agreed_to_is_taken_back(
    cast: Cast, newcomer: Guardianship, as_user: SignIn, how: str
) -> None:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=birth_month(16), country="DE")
    teacher = cast.user("other_teacher")
    row = make_application(
        teacher, cast.student, newcomer.guardian if how == "asked" else cast.user("student")
    )
    if how == "agreed":
        services.agree_to(application=row, by=newcomer.guardian, now=timezone.now())
    others = make_application(cast.user("second_teacher"), cast.student, cast.user("guardian"))
    object_to(newcomer, cast)
    assert state_of(row) == "withdrawn"
    assert state_of(others) == "pending"
    assert as_user(teacher).get(address("application-show", row.pk)).status_code == 404


def test_a_student_objects_to_who_invited_a_teacher(cast: Cast, newcomer: Guardianship) -> None:
    """Though pausing lessons is not for a minor to do on the page."""
    now, teacher = timezone.now(), cast.user("other_teacher")
    offer = make_invitation(cast.student, newcomer.guardian, teacher.email, InvitationRole.TEACHER)
    Invitation.objects.filter(pk=offer.pk).update(accepted_by=teacher, accepted_at=now)
    lessons = make_teaching(teacher, cast.student, "Cello", started_at=now)
    object_to(newcomer, cast, "student")
    lessons.refresh_from_db()
    assert lessons.paused_by == cast.user("student")
    assert not Application.objects.exists()
