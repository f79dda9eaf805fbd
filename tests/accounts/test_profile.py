"""What a student says of themselves, and how long a session of theirs may be."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Student, StudentProfile, User
from apps.accounts.models.profiles import LONGEST_GOAL, LONGEST_INSTRUMENT, MOST_INSTRUMENTS
from apps.core.forms import LinesField
from apps.core.models import AuditEvent
from apps.practice.models import PracticeEntry
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.private_teaching import make_teaching
from tests.forms.page import Page

SignIn = Callable[[User], Client]
SAID = {"instruments": "Cello\n\n  cello \nVoice", "level": "basics", "goal": "Play in the orchestra."}


def edit(student: Student) -> str:
    return reverse("accounts:student-edit", args=[student.pk])


def limit(student: Student) -> str:
    return reverse("accounts:student-limit", args=[student.pk])


def people(client: Client, student: Student) -> str:
    answer = client.get(reverse("private_teaching:student-people", args=[student.pk]))
    return str(answer.content.decode())


@pytest.fixture
def leo(cast: Cast) -> Student:
    """Nobody has joined him, and nothing is said of him."""
    student = make_student("Leo Lang")
    make_teaching(cast.user("teacher"), student, "Piano")
    return student


# The profile


@pytest.mark.parametrize("name", ["student", "guardian"])
def test_the_family_says_it(cast: Cast, as_user: SignIn, name: str) -> None:
    answer = as_user(cast.user(name)).post(
        edit(cast.student), {"name": "Mia Marie", "time_zone": "Berlin", **SAID}
    )
    assert answer["Location"] == reverse("private_teaching:student-people", args=[cast.student.pk])
    said = StudentProfile.objects.get(student=cast.student)
    assert (said.instruments, said.level, said.goal) == (["Cello", "Voice"], "basics", SAID["goal"])
    event = AuditEvent.objects.get(action="student.changed")
    assert (event.student_id, event.actor_id) == (cast.student.pk, cast.user(name).pk)
    assert "orchestra" not in str(event.details)


def test_what_was_said_stands_in_the_form_and_can_be_taken_back(
    cast: Cast, as_user: SignIn, leo: Student
) -> None:
    client = as_user(cast.user("teacher"))
    assert client.get(edit(leo)).context["form"]["level"].value() is None
    client.post(edit(leo), {"name": "Leo Lang", "time_zone": "UTC", **SAID})
    form = client.get(edit(leo)).context["form"]
    assert form["instruments"].value() == "Cello\nVoice"
    assert (form["level"].value(), form["goal"].value()) == ("basics", SAID["goal"])
    client.post(
        edit(leo), {"name": "Leo Lang", "time_zone": "UTC", "instruments": "", "level": "", "goal": ""}
    )
    said = StudentProfile.objects.get(student=leo)
    assert (said.instruments, said.level, said.goal) == ([], "", "")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("instruments", "\n".join(f"Horn {number}" for number in range(9)), "8 at most"),
        ("instruments", "Piano\n" + "x" * 61, "60 characters at most"),
        ("instruments", "Piano\n\u200b", "can be seen"),
        ("level", "master", "Select a valid choice"),
        ("goal", "x" * 1001, "1000 characters"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    cast: Cast, as_user: SignIn, field: str, value: str, words: str
) -> None:
    before = StudentProfile.objects.get(student=cast.student).goal
    answer = as_user(cast.user("guardian")).post(
        edit(cast.student), {"name": "Mia", "time_zone": "UTC", **SAID, field: value}
    )
    assert list(answer.context["form"].errors) == [field]
    assert words in Page(answer.content.decode()).said_beside(field)
    assert StudentProfile.objects.get(student=cast.student).goal == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("instruments", ["x"] * (MOST_INSTRUMENTS + 1)),
        ("instruments", ["x" * (LONGEST_INSTRUMENT + 1)]),
        ("level", "master"),
        ("goal", "x" * (LONGEST_GOAL + 1)),
    ],
)
def test_service_and_database_hold_the_limits_without_a_form(cast: Cast, field: str, value: Any) -> None:
    said: dict[str, Any] = {"name": "Mia", "time_zone": "UTC", field: value}
    with pytest.raises(services.ProfileIsNotPossible) as refused:
        services.change_student(student=cast.student, by=cast.user("guardian"), now=timezone.now(), **said)
    assert refused.value.field == field
    row = StudentProfile.objects.filter(student=cast.student)
    if field == "instruments" and len(value) == 1:
        row.update(instruments=value)  # an element longer than its type is cut
        assert row.get().instruments == [value[0][:LONGEST_INSTRUMENT]]
        return
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        row.update(**{field: value})
    assert row.get().level == ""


def test_lines_of_a_field_are_lines() -> None:
    field = LinesField(most=3, longest=5, required=True)
    assert field.clean("Oboe\r\n Oud\x07 \r\noboe") == ["Oboe", "Oud"]
    assert (field.prepare_value(["a", "b"]), field.prepare_value("a\nb")) == ("a\nb", "a\nb")
    with pytest.raises(ValidationError):
        field.clean("")


# The page


def test_instruments_stand_once_those_of_the_lessons_first(cast: Cast, as_user: SignIn, leo: Student) -> None:
    make_teaching(cast.user("second_teacher"), leo, "Voice")
    StudentProfile.objects.create(student=leo, instruments=["voice", "Cello", "PIANO"], level="advanced")
    client = as_user(cast.user("teacher"))
    found = client.get(reverse("private_teaching:student-people", args=[leo.pk])).context["people"]
    assert sorted(found.instruments[:2]) == ["Piano", "Voice"]
    assert found.instruments[2:] == ["Cello"]
    assert "advanced" in people(client, leo)


def test_everybody_around_reads_the_goal(cast: Cast, as_user: SignIn) -> None:
    readers = ["student", "guardian", "teacher", "viewer"]
    pages = {name: people(as_user(cast.user(name)), cast.student) for name in readers}
    assert all("A concert Qzmiagoal" in page for page in pages.values())
    assert "What I want to reach" in pages["student"]
    assert "What Mia wants to reach" in pages["guardian"]


def test_an_empty_profile_says_who_can_fill_it_in(cast: Cast, as_user: SignIn, leo: Student) -> None:
    assert "A sentence is enough" in people(as_user(cast.user("teacher")), leo)
    make_guardianship(leo, cast.user("guardian"))
    assert "The family can write it down here" in people(as_user(cast.user("teacher")), leo)
    assert "A sentence is enough" in people(as_user(cast.user("guardian")), leo)


# The limit


def test_a_teacher_raises_the_limit_and_longer_sessions_are_logged(cast: Cast, as_user: SignIn) -> None:
    teacher, student = as_user(cast.user("teacher")), as_user(cast.user("student"))
    quick = reverse("practice:entry-quick-log", args=[cast.student.pk])
    assert "5 h, as usual" in people(teacher, cast.student)
    refused = student.post(quick, {"minutes": "301"}, follow=True).content.decode()
    names = [cast.user(name).get_full_name() for name in ("teacher", "second_teacher")]
    said = re.search(r"300 minutes at most. Longer sessions: (.*) can raise the limit", refused)
    assert said is not None
    assert sorted(said[1].split(", ")) == sorted(names)
    answer = teacher.post(limit(cast.student), {"max_minutes": "420"})
    assert answer["Location"] == reverse("private_teaching:student-people", args=[cast.student.pk])
    event = AuditEvent.objects.get(action="student.limited")
    assert (event.details, event.student_id) == ({"max_minutes": 420}, cast.student.pk)
    assert "7 h" in people(teacher, cast.student)
    assert "7 h" in people(student, cast.student)
    student.post(quick, {"minutes": "301"})
    assert PracticeEntry.objects.filter(student=cast.student, minutes=301).count() == 1


def test_without_a_limit_of_their_own_the_usual_one_holds(cast: Cast, as_user: SignIn) -> None:
    Student.objects.filter(pk=cast.student.pk).update(max_minutes=420)
    client = as_user(cast.user("teacher"))
    assert client.get(limit(cast.student)).context["form"]["max_minutes"].value() == 420
    client.post(limit(cast.student), {"max_minutes": ""})
    assert Student.objects.get(pk=cast.student.pk).max_minutes is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [("299", "300 minutes are allowed anyway"), ("1441", "A day has 1440 minutes"), ("six", "whole number")],
)
def test_a_limit_that_cannot_be(cast: Cast, as_user: SignIn, minutes: str, words: str) -> None:
    answer = as_user(cast.user("teacher")).post(limit(cast.student), {"max_minutes": minutes})
    page = Page(answer.content.decode())
    assert words in page.said_beside("max_minutes")
    assert Student.objects.get(pk=cast.student.pk).max_minutes is None


@pytest.mark.parametrize("minutes", [0, 299, 1441])
def test_the_service_only_raises_the_limit(cast: Cast, minutes: int) -> None:
    with pytest.raises(services.LimitIsNotPossible):
        services.change_limit(
            student=cast.student, max_minutes=minutes, by=cast.user("teacher"), now=timezone.now()
        )
    assert not AuditEvent.objects.filter(action="student.limited").exists()


def test_who_raises_it(cast: Cast, as_user: SignIn) -> None:
    codes = {"teacher": 200, "student": 403, "guardian": 403, "viewer": 403, "former_teacher": 404}
    assert {name: as_user(cast.user(name)).get(limit(cast.student)).status_code for name in codes} == codes


def test_without_a_teacher_the_form_says_who_else(cast: Cast, as_user: SignIn) -> None:
    ida = make_student("Ida")
    make_guardianship(ida, cast.user("guardian"))
    quick = reverse("practice:entry-quick-log", args=[ida.pk])
    said = as_user(cast.user("guardian")).post(quick, {"minutes": "400"}, follow=True).content.decode()
    assert "a teacher, or whoever runs this site, can raise the limit" in said
    Student.objects.filter(pk=ida.pk).update(max_minutes=1440)
    PracticeEntry.objects.filter(student=ida).delete()
    answer = as_user(cast.user("guardian")).post(quick, {"minutes": "400"})
    assert answer.status_code == 302
    assert PracticeEntry.objects.filter(student=ida, minutes=400).exists()
