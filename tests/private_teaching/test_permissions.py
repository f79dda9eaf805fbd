"""The whole matrix around a student, by equality: who may do what, and nobody else."""

from datetime import timedelta

import pytest
from django.db.models import Model
from django.utils import timezone

from apps.accounts.models import Invitation, ReaderLink, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from apps.core import access
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import (
    make_guardianship,
    make_invitation,
    make_reader_link,
    make_student,
    make_user,
)
from tests.factories.private_teaching import make_teaching

GUARDIANS = {"guardian", "second_guardian"}
FAMILY = {"student"} | GUARDIANS
TEACHERS = {"teacher", "second_teacher"}
GUESTS = {"viewer", "commenter", "logger"}

# Mia is a teenager with a login and two guardians.
MIA = {
    "view": FAMILY | TEACHERS | GUESTS,
    "comment": FAMILY | TEACHERS | {"commenter", "logger"},
    "log_practice": FAMILY | {"logger"},
    "invite_guardian": FAMILY,
    "invite_student": set(),
    "manage_grants": GUARDIANS,
    "share_link": GUARDIANS,
    "invite_teacher": GUARDIANS,
    "view_guests": FAMILY,
    "change": FAMILY,
    "teach": TEACHERS,
    "limit": TEACHERS,
    "say_age": GUARDIANS,
    "hand_over": set(),
    # Too young to ask alone: a guardian does.
    "apply": GUARDIANS,
}
# Leo was added by his teacher; nobody of his family has joined.
LEO = {
    "view": {"teacher"},
    "comment": {"teacher"},
    "log_practice": set(),
    "invite_guardian": {"teacher"},
    "invite_student": {"teacher"},
    "manage_grants": set(),
    "share_link": set(),
    "invite_teacher": set(),
    "view_guests": set(),
    "change": {"teacher"},
    "teach": {"teacher"},
    "limit": {"teacher"},
    "say_age": set(),
    "hand_over": set(),
    "apply": set(),
}
# Ida is a child with one guardian and no login.
IDA = LEO | {
    "view": {"teacher", "guardian"},
    "comment": {"teacher", "guardian"},
    "log_practice": {"guardian"},
    "invite_guardian": {"guardian"},
    "invite_student": {"guardian"},
    "manage_grants": {"guardian"},
    "share_link": {"guardian"},
    "invite_teacher": {"guardian"},
    "view_guests": {"guardian"},
    "change": {"guardian"},
    "say_age": {"guardian"},
    "apply": {"guardian"},
}
# The stranger is an adult student.
ADULT = LEO | {
    "view": {"teacher", "stranger"},
    "comment": {"teacher", "stranger"},
    "log_practice": {"stranger"},
    "invite_guardian": set(),
    "invite_student": set(),
    "manage_grants": {"stranger"},
    "invite_teacher": {"stranger"},
    "view_guests": {"stranger"},
    "change": {"stranger"},
    "hand_over": {"stranger"},
    "apply": {"stranger"},
}


def who(cast: Cast, row: Model, action: str) -> set[str]:
    queryset = type(row)._default_manager.filter(pk=row.pk)
    return {
        name for name, user in vars(cast.people).items() if access.allowed(queryset, action, user).exists()
    }


@pytest.fixture
def leo(cast: Cast) -> Student:
    student = make_student("Leo")
    make_teaching(cast.user("teacher"), student)
    return student


@pytest.mark.parametrize("action", MIA)
def test_a_teenager_with_a_family(cast: Cast, action: str) -> None:
    assert who(cast, cast.student, action) == MIA[action]


@pytest.mark.parametrize("action", LEO)
def test_a_student_whom_nobody_joined(cast: Cast, leo: Student, action: str) -> None:
    assert who(cast, leo, action) == LEO[action]


@pytest.mark.parametrize("action", IDA)
def test_a_child_without_a_login(cast: Cast, leo: Student, action: str) -> None:
    make_guardianship(leo, cast.user("guardian"))
    assert who(cast, leo, action) == IDA[action]


@pytest.mark.parametrize("action", ADULT)
def test_an_adult(cast: Cast, leo: Student, action: str) -> None:
    Student.objects.filter(pk=leo.pk).update(user=cast.user("stranger"), age_band=AgeBand.ADULT)
    assert who(cast, leo, action) == ADULT[action]


def test_every_rule_of_a_student_has_its_row() -> None:
    rules = access.registered_rules().items()
    here = "apps.private_teaching.permissions"
    found = {action for (model, action), rule in rules if model is Student and rule.__module__ == here}
    assert found == set(MIA) == set(LEO) == set(IDA) == set(ADULT)


def test_links_to_read_along(cast: Cast) -> None:
    link = make_reader_link(cast.student, cast.user("second_guardian"))
    assert type(link) is ReaderLink
    assert who(cast, link, "view") == who(cast, link, "manage") == GUARDIANS


def test_teachings(cast: Cast) -> None:
    ended = Teaching.objects.get(teacher=cast.user("former_teacher"))
    assert who(cast, cast.teaching, "view") == FAMILY | {"teacher"}
    assert who(cast, cast.teaching, "end") == GUARDIANS | {"teacher"}
    assert who(cast, ended, "view") == FAMILY
    assert who(cast, ended, "end") == set()


def test_weeks_are_asked_for_by_the_teacher_and_signed_by_guardians(cast: Cast) -> None:
    assert who(cast, cast.teaching, "ask_sign_off") == {"teacher"}
    assert who(cast, cast.teaching, "sign_off") == set()
    Teaching.objects.filter(pk=cast.teaching.pk).update(sign_off_since=timezone.now().date())
    assert who(cast, cast.teaching, "sign_off") == GUARDIANS
    Teaching.objects.filter(pk=cast.teaching.pk).update(sign_off_until=timezone.now().date())
    assert who(cast, cast.teaching, "sign_off") == set(), "asked no more"
    Teaching.objects.filter(pk=cast.teaching.pk).update(sign_off_until=None)
    Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=timezone.now())
    assert who(cast, cast.teaching, "sign_off") == who(cast, cast.teaching, "ask_sign_off") == set()


def test_an_adult_ends_a_teaching(cast: Cast) -> None:
    Student.objects.filter(pk=cast.student.pk).update(age_band=AgeBand.ADULT)
    assert who(cast, cast.teaching, "end") == FAMILY | {"teacher"}


@pytest.mark.parametrize("action", ["view", "manage"])
@pytest.mark.parametrize(
    ("sender", "role", "expected"),
    [
        ("teacher", InvitationRole.GUARDIAN, GUARDIANS | {"teacher"}),
        ("teacher", InvitationRole.STUDENT, GUARDIANS | {"teacher"}),
        ("student", InvitationRole.GUARDIAN, GUARDIANS | {"student"}),
        ("former_teacher", InvitationRole.GUARDIAN, GUARDIANS),
        ("guardian", InvitationRole.GUARDIAN, GUARDIANS),
        ("guardian", InvitationRole.GRANTEE, GUARDIANS),
        ("teacher", InvitationRole.GRANTEE, GUARDIANS),
        ("guardian", InvitationRole.TEACHER, GUARDIANS),
        ("student", InvitationRole.TEACHER, GUARDIANS),
        ("teacher", InvitationRole.TEACHER, GUARDIANS),
        ("teacher", InvitationRole.PUPIL, {"teacher"}),
        ("guardian", InvitationRole.PUPIL, {"guardian"}),
    ],
)
def test_invitations(cast: Cast, action: str, sender: str, role: InvitationRole, expected: set[str]) -> None:
    if role == InvitationRole.STUDENT:
        Student.objects.filter(pk=cast.student.pk).update(user=None)
        cast.student.refresh_from_db()
    student = None if role == InvitationRole.PUPIL else cast.student
    row = make_invitation(student, cast.user(sender), role=role)
    assert who(cast, row, action) == expected


def test_who_is_invited_as_a_pupil_is_the_teachers_to_know_while_they_teach(cast: Cast) -> None:
    row = make_invitation(None, cast.user("teacher"), role=InvitationRole.PUPIL)
    Invitation.objects.filter(pk=row.pk).update(student=cast.student, accepted_at=timezone.now())
    assert who(cast, row, "manage") == GUARDIANS | {"teacher"}
    Teaching.objects.filter(teacher=cast.user("teacher")).update(ended_at=timezone.now())
    assert who(cast, row, "manage") == GUARDIANS


@pytest.mark.parametrize("action", ["view", "invite_pupil", "publish"])
def test_everybody_invites_pupils_for_themselves_but_no_child(cast: Cast, action: str) -> None:
    for name, user in vars(cast.people).items():
        nobody = {"student"} if action != "view" else set()
        assert who(cast, user, action) == {name} - nobody


def test_who_stands_in_has_gone_when_the_last_day_is_over(cast: Cast) -> None:
    now = timezone.now()
    Teaching.objects.filter(pk=cast.teaching.pk).update(cover_until=now + timedelta(minutes=1))
    assert "teacher" in who(cast, cast.student, "view")
    Teaching.objects.filter(pk=cast.teaching.pk).update(cover_until=now - timedelta(seconds=1))
    assert "teacher" not in who(cast, cast.student, "view")
    assert "teacher" not in who(cast, cast.teaching, "view")
    assert who(cast, cast.teaching, "end") == set()
    assert who(cast, cast.entry, "view") == FAMILY | GUESTS | {"second_teacher"}


def test_an_adults_own_guests(cast: Cast) -> None:
    ben = make_user("Ben")
    grown = make_student("Ben", user=ben, age_band=AgeBand.ADULT)
    for role in (InvitationRole.GRANTEE, InvitationRole.TEACHER):
        row = make_invitation(grown, cast.user("teacher"), role=role)
        allowed = access.allowed(Invitation.objects.filter(pk=row.pk), "manage", ben)
        assert allowed.exists()
        assert who(cast, row, "manage") == set()


def test_every_other_rule_is_tested_here() -> None:
    found = {action for model, action in access.registered_rules() if model in (Teaching, Invitation)}
    # The last two: tests/lessons/test_permissions.py, tests/assignments/test_permissions.py
    own = {"view", "end", "pause", "resume", "manage", "ask_sign_off", "sign_off"}
    assert found == own | {"plan_lesson", "assign"}
    assert {action for model, action in access.registered_rules() if model is User} == {
        "view",
        "invite_pupil",
        "publish",
        # tests/privacy/test_permissions.py
        "export",
        "erase",
        # tests/accounts/test_permissions.py
        "see_face",
        "show_face",
    }
