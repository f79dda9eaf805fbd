"""The whole matrix of gear, exams and performances, by equality: who may do what, and nobody else."""

from typing import Any

from django.utils import timezone

from apps.accounts.models import Student
from apps.core import access
from apps.gear import services
from apps.gear.models import Care, Gear
from apps.repertoire.models import Occasion
from apps.repertoire.services import delete_occasion
from tests.conftest import Cast
from tests.factories.gear import make_care, make_gear
from tests.factories.repertoire import make_occasion
from tests.repertoire.test_permissions import FAMILY, READERS, THING, matrix, who

GEAR = {"view": READERS, "change": FAMILY, "delete": FAMILY}
CARE = {"view": READERS, "change": FAMILY}


def test_the_family_writes_and_everybody_around_the_diary_looks(cast: Cast) -> None:
    assert who(cast, cast.student, "keep_gear") == FAMILY
    gear = make_gear(cast.student, cast.user("student"))
    assert matrix(cast, gear) == GEAR
    assert matrix(cast, make_care(gear, cast.user("guardian"))) == CARE


def test_an_occasion_is_like_a_piece(cast: Cast) -> None:
    assert matrix(cast, make_occasion(cast.student, cast.user("teacher"))) == THING


def test_what_was_deleted_is_nobodys(cast: Cast) -> None:
    by, now = cast.user("guardian"), timezone.now()
    gear, occasion = make_gear(cast.student, by), make_occasion(cast.student, by)
    rows: list[Any] = [gear, make_care(gear, by), occasion]
    services.delete_gear(gear=gear, by=by, now=now)
    delete_occasion(occasion=occasion, by=by, now=now)
    for row in rows:
        assert set().union(*matrix(cast, row).values()) == set()


def test_a_teacher_who_leaves_sees_nothing(cast: Cast) -> None:
    rows: list[Any] = [
        make_gear(cast.student, cast.user("guardian")),
        make_occasion(cast.student, cast.user("teacher")),
    ]
    cast.teaching.ended_at = timezone.now()
    cast.teaching.save(update_fields=["ended_at"])
    for row in rows:
        assert who(cast, row, "view") == READERS - {"teacher"}
        assert "teacher" not in who(cast, row, "change")


def test_every_rule_has_its_row() -> None:
    found = {
        model.__name__: {action for known, action in access.registered_rules() if known is model}
        for model in (Gear, Care, Occasion)
    }
    assert found == {"Gear": set(GEAR), "Care": set(CARE), "Occasion": set(THING)}
    assert (Student, "keep_gear") in access.registered_rules()
