"""The matrix of copies and erasures, by equality: who may, and nobody else."""

from datetime import timedelta

import pytest
from django.db.models import Model
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.family import Verdict
from apps.accounts.models.students import AgeBand
from apps.core import access
from apps.privacy import queries
from apps.privacy.models import Erasure, Export
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import make_teaching

from .conftest import make_export
from .test_erasures import ask

GUARDIANS = {"guardian", "second_guardian"}
FAMILY = {"student"} | GUARDIANS
# Mia is a teenager with two guardians.
MIA = {"export": GUARDIANS, "erase": GUARDIANS, "view_data": FAMILY}
# A teenager without any guardian, and an adult, decide for themselves.
ALONE = {"export": {"stranger"}, "erase": {"stranger"}, "view_data": {"stranger"}}


def who(cast: Cast, row: Model, action: str) -> set[str]:
    queryset = type(row)._default_manager.filter(pk=row.pk)
    return {
        name for name, user in vars(cast.people).items() if access.allowed(queryset, action, user).exists()
    }


@pytest.mark.parametrize("action", MIA)
def test_a_child_with_guardians(cast: Cast, action: str) -> None:
    assert who(cast, cast.student, action) == MIA[action]


@pytest.mark.parametrize("age_band", [AgeBand.TEEN, AgeBand.ADULT])
@pytest.mark.parametrize("action", ALONE)
def test_somebody_who_decides_for_themselves(cast: Cast, action: str, age_band: str) -> None:
    student = make_student("Ada", user=cast.user("stranger"), age_band=age_band)
    assert who(cast, student, action) == ALONE[action]


def test_a_family_that_is_disputed_or_held_still_erases_nothing(cast: Cast) -> None:
    """Whoever objected to the other guardian would be alone with the diary, and could make it go at once."""
    row = make_guardianship(cast.student, make_user("Newcomer"), started_at=timezone.now())
    objection = services.object_to_guardian(
        guardianship=row, by=cast.user("guardian"), reason="", now=timezone.now()
    )
    assert (who(cast, cast.student, "erase"), who(cast, cast.student, "export")) == (set(), GUARDIANS)
    services.decide_objection(
        objection=objection, verdict=Verdict.DISMISSED, by=cast.user("staff"), now=timezone.now()
    )
    assert who(cast, cast.student, "erase") == GUARDIANS
    services.lock_family(student=cast.student, reason="x", by=cast.user("staff"), now=timezone.now())
    assert (who(cast, cast.student, "erase"), who(cast, cast.student, "export")) == (set(), GUARDIANS)


def test_a_child_does_not_decide_because_the_guardian_is_suspended(cast: Cast) -> None:
    Guardianship.objects.filter(student=cast.student).update(suspended_at=timezone.now())
    assert who(cast, cast.student, "export") == set()


def test_an_account_does_not_take_a_diary_from_a_suspended_guardian(cast: Cast) -> None:
    Student.objects.filter(pk=cast.student.pk).update(user=None)
    Guardianship.objects.filter(guardian=cast.user("second_guardian")).update(suspended_at=timezone.now())
    assert list(queries.diaries_that_go(cast.user("guardian").pk)) == []


@pytest.mark.parametrize("action", ALONE)
def test_the_only_teacher_of_a_pupil_whom_nobody_joined(cast: Cast, action: str) -> None:
    pupil = make_student("Pia", created_by=cast.user("stranger"))
    make_teaching(cast.user("stranger"), pupil)
    assert who(cast, pupil, action) == {"stranger"}
    make_teaching(cast.user("teacher"), pupil)
    assert who(cast, pupil, action) == set()


def test_everybody_but_a_guarded_minor_decides_for_themselves(cast: Cast) -> None:
    def deciding(action: str) -> set[str]:
        return {name for name, user in vars(cast.people).items() if access.is_allowed(action, user, user)}

    everybody = set(vars(cast.people))
    assert deciding("erase") == deciding("export") == everybody - {"student"}
    Student.objects.filter(pk=cast.student.pk).update(age_band=AgeBand.ADULT)
    assert deciding("erase") == everybody
    Student.objects.filter(pk=cast.student.pk).update(age_band=AgeBand.TEEN)
    Guardianship.objects.filter(student=cast.student).update(suspended_at=timezone.now())
    assert deciding("erase") == everybody - {"student"}
    Guardianship.objects.filter(student=cast.student).update(ended_at=timezone.now())
    assert deciding("export") == everybody


def test_nobody_decides_for_another_account(cast: Cast) -> None:
    assert list(access.allowed(User.objects.all(), "erase", cast.user("guardian"))) == [cast.user("guardian")]


@pytest.mark.parametrize("action", ["view", "download"])
def test_a_copy_is_its_askers_alone(cast: Cast, action: str) -> None:
    diary = make_export(cast.user("guardian"), cast.student)
    account = make_export(cast.user("teacher"))
    assert who(cast, diary, action) == {"guardian"}
    assert who(cast, account, action) == {"teacher"}
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    assert who(cast, diary, action) == set()


def test_only_what_is_ready_and_not_too_old_is_fetched(cast: Cast) -> None:
    export = make_export(cast.user("guardian"), cast.student)
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (who(cast, export, "view"), who(cast, export, "download")) == ({"guardian"}, set())
    Export.objects.filter(pk=export.pk).update(state="running", lease_until=timezone.now())
    assert who(cast, export, "download") == set()


def test_an_erasure_is_seen_and_stopped_by_the_family(cast: Cast) -> None:
    diary = ask(cast.user("guardian"), cast.student)
    account = ask(cast.user("teacher"), cast.user("teacher"))
    for action in ("view", "stop"):
        assert who(cast, diary, action) == FAMILY
        assert who(cast, account, action) == {"teacher"}
    Erasure.objects.filter(pk=diary.pk).update(state="running")
    assert (who(cast, diary, "view"), who(cast, diary, "stop")) == (FAMILY, set())


def test_every_rule_of_a_students_data_has_its_row() -> None:
    ours = {"apps.privacy.permissions"}
    found = {
        action
        for (model, action), rule in access.registered_rules().items()
        if model is Student and rule.__module__ in ours
    }
    assert found == set(MIA) == set(ALONE)
