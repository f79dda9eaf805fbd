"""The rules about guardianships and pauses, by equality over the whole cast."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Guardianship, Objection, Student
from apps.accounts.models.students import AgeBand
from apps.core import access
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import make_teaching

from .test_permissions import FAMILY, GUARDIANS, who

NOW_ISH = timedelta(seconds=1)


def row_of(cast: Cast, name: str) -> Guardianship:
    return Guardianship.objects.get(guardian=cast.user(name))


@pytest.fixture
def newcomer(cast: Cast) -> Guardianship:
    return make_guardianship(cast.student, make_user("Newcomer"), started_at=timezone.now())


def test_the_family_knows_its_guardianships(cast: Cast) -> None:
    assert who(cast, row_of(cast, "guardian"), "view") == FAMILY
    assert who(cast, row_of(cast, "former_guardian"), "view") == set()


def test_one_leaves_for_oneself_and_nobody_for_another(cast: Cast) -> None:
    assert who(cast, row_of(cast, "guardian"), "leave") == {"guardian"}
    assert who(cast, row_of(cast, "second_guardian"), "leave") == {"second_guardian"}
    assert who(cast, row_of(cast, "former_guardian"), "leave") == set()


def test_who_is_suspended_cannot_leave_either(cast: Cast) -> None:
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(suspended_at=timezone.now())
    assert who(cast, row_of(cast, "guardian"), "leave") == set()


def test_nobody_has_any_other_power_over_a_guardianship() -> None:
    found = {action for model, action in access.registered_rules() if model is Guardianship}
    assert found == {"view", "leave", "object"}


def test_who_was_there_before_may_object(cast: Cast, newcomer: Guardianship) -> None:
    assert who(cast, newcomer, "object") == FAMILY


def test_a_student_alone_with_one_guardian_does_not(cast: Cast, newcomer: Guardianship) -> None:
    Guardianship.objects.filter(student=cast.student).exclude(pk=newcomer.pk).update(ended_at=timezone.now())
    assert who(cast, newcomer, "object") == set()


def test_not_to_who_was_there_before(cast: Cast, newcomer: Guardianship) -> None:
    assert who(cast, row_of(cast, "guardian"), "object") == set()
    rows = Guardianship.objects.filter(guardian=cast.user("guardian"))
    assert not access.allowed(rows, "object", newcomer.guardian).exists()


@pytest.mark.parametrize(("days", "expected"), [(13, FAMILY), (14, set())])
def test_for_fourteen_days(cast: Cast, newcomer: Guardianship, days: int, expected: set[str]) -> None:
    Guardianship.objects.filter(pk=newcomer.pk).update(started_at=timezone.now() - timedelta(days=days))
    assert who(cast, newcomer, "object") == expected


def test_once(cast: Cast, newcomer: Guardianship) -> None:
    Objection.objects.create(
        guardianship=newcomer, raised_at=timezone.now(), decided_at=timezone.now(), verdict="dismissed"
    )
    assert who(cast, newcomer, "object") == set()


@pytest.mark.parametrize("column", ["suspended_at", "ended_at"])
def test_not_to_who_is_out_already(cast: Cast, newcomer: Guardianship, column: str) -> None:
    Guardianship.objects.filter(pk=newcomer.pk).update(**{column: timezone.now()})
    assert who(cast, newcomer, "object") == set()


def pause(cast: Cast, by: str, *, since: timedelta = -NOW_ISH) -> Teaching:
    moment = timezone.now() + since
    Teaching.objects.filter(pk=cast.teaching.pk).update(paused_at=moment, paused_by=cast.user(by))
    return cast.teaching


def test_either_side_may_pause(cast: Cast) -> None:
    assert who(cast, cast.teaching, "pause") == GUARDIANS | {"teacher"}
    assert who(cast, cast.teaching, "resume") == set()


def test_a_teenager_alone_parts_from_a_teacher_but_lets_nobody_in(cast: Cast) -> None:
    """Whoever may say yes to a teacher may say no again; somebody suspended is still a guardian."""
    ada, row = make_student("Ada", user=cast.user("stranger"), age_band=AgeBand.TEEN), cast.teaching
    Teaching.objects.filter(pk=row.pk).update(student=ada)
    for action in ("end", "pause"):
        assert who(cast, row, action) == {"stranger", "teacher"}
    assert who(cast, pause(cast, "stranger"), "resume") == {"stranger"}
    assert who(cast, ada, "invite_teacher") == set()
    make_guardianship(ada, cast.user("guardian"), suspended_at=timezone.now())
    assert who(cast, row, "end") == {"teacher"}


def test_an_adult_pauses_for_themselves(cast: Cast) -> None:
    Student.objects.filter(pk=cast.student.pk).update(age_band=AgeBand.ADULT)
    assert who(cast, cast.teaching, "pause") == FAMILY | {"teacher"}
    assert who(cast, pause(cast, "teacher"), "resume") == FAMILY | {"teacher"}


def test_what_the_teacher_paused_both_sides_resume(cast: Cast) -> None:
    row = pause(cast, "teacher")
    assert who(cast, row, "resume") == GUARDIANS | {"teacher"}
    assert who(cast, row, "pause") == GUARDIANS
    assert who(cast, row, "end") == GUARDIANS | {"teacher"}
    assert who(cast, row, "view") == FAMILY | {"teacher"}


def test_what_the_family_paused_the_family_resumes(cast: Cast) -> None:
    assert who(cast, pause(cast, "guardian"), "resume") == GUARDIANS


def test_a_pause_of_tomorrow_takes_nothing_away_today(cast: Cast) -> None:
    row = pause(cast, "guardian", since=timedelta(days=1))
    assert Teaching.objects.current().filter(pk=row.pk).exists()
    assert who(cast, cast.student, "limit") == {"teacher", "second_teacher"}
    assert who(cast, row, "pause") == set()


def test_lessons_that_will_end_or_pause_open_no_others(cast: Cast) -> None:
    """Else whoever stands in, or is to pause, would stay with another instrument."""
    pause(cast, "guardian", since=timedelta(days=1))
    assert who(cast, cast.student, "teach") == {"second_teacher"}
    Teaching.objects.filter(pk=cast.second_teaching.pk).update(cover_until=timezone.now() + timedelta(days=1))
    assert who(cast, cast.student, "teach") == set()
    make_teaching(cast.user("teacher"), cast.student, "Voice")
    assert who(cast, cast.student, "teach") == {"teacher"}


def test_in_a_pause_the_teacher_is_a_former_one(cast: Cast) -> None:
    pause(cast, "teacher")
    for action in ("view", "comment", "teach", "limit"):
        assert "teacher" not in who(cast, cast.student, action)
    assert "teacher" not in who(cast, cast.entry, "view")


def test_a_teacher_does_not_speak_for_a_child_whose_guardian_is_suspended(cast: Cast) -> None:
    leo = make_student("Leo", age_band=AgeBand.CHILD)
    row = make_guardianship(leo, cast.user("guardian"), suspended_at=timezone.now())
    make_teaching(cast.user("teacher"), leo)
    assert not cast.user("teacher").has_perm("accounts.invite_guardian_student", leo)
    row.delete()
    assert cast.user("teacher").has_perm("accounts.invite_guardian_student", leo)
