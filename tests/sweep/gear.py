"""Gear and its care, exams and performances of the sweep's world."""

from datetime import datetime
from typing import Any

from apps.accounts.models import Student
from apps.gear import services
from apps.gear.models import Gear
from apps.repertoire.models import Occasion
from apps.repertoire.services import delete_occasion
from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.gear import make_care, make_gear
from tests.factories.repertoire import make_occasion


def _staff(user: Any, path: str) -> bool:
    return bool(path.startswith("/staff/"))


def _whose(cast: Cast, name: str) -> tuple[Student, Any, Any]:
    """The student, who writes, and who may read it."""
    if name == "foreign":
        return cast.other_student, cast.user("other_guardian"), tap.repertoire_readers(cast.other_student)
    readers = _staff if name == "gone" else tap.repertoire_readers(cast.student)
    return cast.student, cast.user("guardian"), readers


def gear_of(cast: Cast, now: datetime) -> dict[str, Gear]:
    """Of Mia: one, and a deleted one. Of Noah: one."""
    found = {}
    for name in ("violin", "gone", "foreign"):
        student, by, readers = _whose(cast, name)
        found[name] = make_gear(student, by, f"Violin Qz{name}gear", notes=f"Qznotesof{name}gear")
        cast.canaries.plant(f"{name} gear", f"Qz{name}gear", readers)
        cast.canaries.plant(f"notes of the {name} gear", f"Qznotesof{name}gear", readers)
    services.delete_gear(gear=found["gone"], by=cast.user("guardian"), now=now)
    return found


def cares_of(cast: Cast, gear: dict[str, Gear], now: datetime) -> dict[str, str]:
    """One, and one that was taken away; one of Noah's violin."""
    by = cast.user("guardian")
    found = {
        "strings": make_care(gear["violin"], by, words="Qzstringscare"),
        "away": make_care(gear["violin"], by, words="Qzawaycare"),
        "foreign": make_care(gear["foreign"], cast.user("other_guardian"), words="Qzforeigncare"),
    }
    services.delete_care(care=found["away"], by=by, now=now)
    readers = {
        "Qzstringscare": tap.repertoire_readers(cast.student),
        "Qzawaycare": _staff,
        "Qzforeigncare": tap.repertoire_readers(cast.other_student),
    }
    for word, who in readers.items():
        cast.canaries.plant(f"care {word}", word, who)
    return {name: str(row.pk) for name, row in found.items()}


def occasions_of(cast: Cast, now: datetime) -> dict[str, Occasion]:
    """Of Mia: one, and a deleted one. Of Noah: one."""
    found = {}
    for name in ("concert", "gone", "foreign"):
        student, by, readers = _whose(cast, name)
        words: dict[str, Any] = {text: f"Qz{name}occ{text}" for text in ("title", "board", "grade", "result")}
        found[name] = make_occasion(student, by, kind="performance", target_hours=9, **words)
        for text, word in words.items():
            cast.canaries.plant(f"{text} of the {name} occasion", word, readers)
    delete_occasion(occasion=found["gone"], by=cast.user("guardian"), now=now)
    return found


def things_of(cast: Cast, now: datetime) -> dict[tuple[str, ...], dict[str, dict[str, str]]]:
    """By what an address carries; in each, first what is not there."""
    gear = gear_of(cast, now)
    rows = {
        "gear": {name: str(row.pk) for name, row in gear.items()},
        "care": cares_of(cast, gear, now),
        "occasion": {name: str(row.pk) for name, row in occasions_of(cast, now).items()},
    }
    absent = {"absent": "00000000-0000-4000-8000-000000000000"}
    return {
        (thing,): {relation: {thing: key} for relation, key in (absent | keys).items()}
        for thing, keys in rows.items()
    }
