"""Rows of a student's gear, exams and performances."""

from datetime import timedelta

from django.utils import timezone

from apps.gear.models import Gear
from apps.repertoire.models import Occasion
from tests.conftest import Cast
from tests.factories.gear import make_care, make_gear
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_occasion, make_piece


def gear(cast: Cast, numbers: range) -> None:
    """Each with a care, in every kind; of some something is due."""
    long_ago = timezone.now() - timedelta(days=99)
    for number in numbers:
        by = cast.user("guardian" if number % 2 else "student")
        due = {"remind_of": "tuning", "remind_months": 1} if number % 3 != 1 else {}
        kind = "instrument" if number % 2 else "accessory"
        make_care(make_gear(cast.student, by, f"Row {number}", kind=kind, now=long_ago, **due), by)


def _violin(cast: Cast) -> Gear:
    found = Gear.objects.filter(name="Violin").first()
    return found or make_gear(cast.student, cast.user("guardian"))


def violin(cast: Cast) -> list[object]:
    return [_violin(cast).pk]


def cares(cast: Cast, numbers: range) -> None:
    row = _violin(cast)
    for number in numbers:
        make_care(row, cast.user("guardian"), words=f"Row {number}")


def occasions(cast: Cast, numbers: range) -> None:
    """To come and over, with pieces."""
    today = cast.student.today(timezone.now())
    for number in numbers:
        by = cast.user("guardian" if number % 2 else "teacher")
        day = today + timedelta(days=number if number % 2 else -number)
        piece = make_piece(cast.student, by, f"Piece {number}")
        make_occasion(cast.student, by, f"Row {number}", held_on=day, pieces=[piece])


def _concert(cast: Cast) -> Occasion:
    found = Occasion.objects.filter(title="Summer concert").first()
    return found or make_occasion(cast.student, cast.user("guardian"), kind="performance")


def concert(cast: Cast) -> list[object]:
    return [_concert(cast).pk]


def parts(cast: Cast, numbers: range) -> None:
    """Pieces and entries of one performance."""
    row, by = _concert(cast), cast.user("guardian")
    for number in numbers:
        row.pieces.add(make_piece(cast.student, by, f"Row {number}"))
        make_entry(cast.student, by, minutes=9, occasion=row, preparing_for_performance=True)


def things(cast: Cast, numbers: range) -> None:
    """What an entry can name."""
    gear(cast, numbers)
    occasions(cast, numbers)
