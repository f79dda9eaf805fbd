"""What can be sent about gear, exams and performances; a part of the table in ``posts``."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.gear.forms import CareAddForm, CareEditForm, GearAddForm, GearEditForm
from apps.gear.models import Care, Gear
from apps.repertoire.models import Occasion, Piece
from apps.repertoire.occasion_forms import OccasionAddForm, OccasionEditForm
from apps.safeguarding.forms import ReportForm
from tests.conftest import Cast
from tests.factories.gear import make_care, make_gear
from tests.factories.repertoire import make_occasion, make_piece

from .scenes import KEY, student

Sent = dict[str, Any]


def write_gear(cast: Cast) -> None:
    by = cast.user("guardian")
    make_care(make_gear(cast.student, by), by, words="By Mr Fiddle")


def write_occasion(cast: Cast) -> None:
    by = cast.user("guardian")
    make_piece(cast.student, by, "Minuet in D")
    make_occasion(cast.student, by)


def write_things(cast: Cast) -> None:
    """What an entry may name."""
    make_gear(cast.student, cast.user("guardian"))
    make_occasion(cast.student, cast.user("guardian"))


def gear(cast: Cast) -> list[object]:
    return [Gear.objects.get().pk]


def care(cast: Cast) -> list[object]:
    return [Care.objects.get().pk]


def occasion(cast: Cast) -> list[object]:
    return [Occasion.objects.get().pk]


def day(cast: Cast, days: int = 0) -> str:
    return (cast.student.today(timezone.now()) + timedelta(days=days)).isoformat()


def gear_fields(cast: Cast) -> Sent:
    return {
        "kind": "accessory",
        "name": "Bow",
        "bought_on": day(cast, -9),
        "notes": "Borrowed from the school",
        "remind_of": "cleaning",
        "remind_months": "6",
    }


def care_fields(cast: Cast) -> Sent:
    return {"kind": "repair", "done_on": day(cast, -1), "words": "A new bridge"}


def occasion_fields(cast: Cast) -> Sent:
    return {
        "kind": "performance",
        "title": "Winter concert",
        "held_on": day(cast, 40),
        "board": "Music school",
        "grade": "Group B",
        "target_hours": "20",
        "pieces": [str(Piece.objects.get(title="Minuet in D").pk)],
        "result": "They clapped",
    }


# Each as the arguments of a ``Post``.
GEAR: list[dict[str, Any]] = [
    {
        "route": "gear:gear-add",
        "who": "guardian",
        "arguments": student,
        "fields": lambda cast: {**gear_fields(cast), "key": KEY},
        "forms": (GearAddForm,),
    },
    {
        "route": "gear:gear-edit",
        "who": "student",
        "prepare": write_gear,
        "arguments": gear,
        "fields": lambda cast: {**gear_fields(cast), "version": "", "is_put_away": "on"},
        "forms": (GearEditForm,),
    },
    {"route": "gear:gear-hush", "who": "student", "prepare": write_gear, "arguments": gear},
    {
        "route": "gear:gear-report",
        "who": "teacher",
        "prepare": write_gear,
        "arguments": gear,
        "fields": lambda cast: {"category": "other", "words": "I am worried."},
        "forms": (ReportForm,),
    },
    {
        "route": "gear:care-add",
        "who": "guardian",
        "prepare": write_gear,
        "arguments": gear,
        "fields": lambda cast: {**care_fields(cast), "key": KEY},
        "forms": (CareAddForm,),
    },
    {
        "route": "gear:care-edit",
        "who": "student",
        "prepare": write_gear,
        "arguments": care,
        "fields": lambda cast: {**care_fields(cast), "version": ""},
        "forms": (CareEditForm,),
    },
    {
        "route": "repertoire:occasion-add",
        "who": "teacher",
        "prepare": write_occasion,
        "arguments": student,
        "fields": lambda cast: {**occasion_fields(cast), "key": KEY},
        "forms": (OccasionAddForm,),
    },
    {
        "route": "repertoire:occasion-report",
        "who": "student",
        "prepare": write_occasion,
        "arguments": occasion,
        "fields": lambda cast: {"category": "other", "words": "I am worried."},
        "forms": (ReportForm,),
    },
    {
        "route": "repertoire:occasion-edit",
        "who": "guardian",
        "prepare": write_occasion,
        "arguments": occasion,
        "fields": lambda cast: {**occasion_fields(cast), "version": ""},
        "forms": (OccasionEditForm,),
    },
]
