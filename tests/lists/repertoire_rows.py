"""Rows of a student's pieces and skills."""

from apps.repertoire.models import Piece, Skill
from tests.conftest import Cast
from tests.factories.repertoire import make_note, make_piece, make_section, make_skill

WRITERS = ("guardian", "student", "teacher", "second_teacher", "logger")


def pieces(cast: Cast, numbers: range) -> None:
    """Each with a section and a note, in every status."""
    states = ("learning", "polishing", "ready", "archived")
    for number in numbers:
        by = cast.user(WRITERS[number % 5])
        row = make_piece(cast.student, by, f"Row {number}", composer="Bach", status=states[number % 4])
        make_section(row, by)
        make_note(row, by, f"Found by row{number}")


def skills(cast: Cast, numbers: range) -> None:
    kinds = ("technique", "scale", "theory", "other")
    for number in numbers:
        by = cast.user(WRITERS[number % 5])
        make_skill(cast.student, by, f"Row {number}", category=kinds[number % 4])


def _minuet(cast: Cast) -> Piece:
    """One of Mia's, made once; others of its name come later."""
    found = Piece.objects.filter(title="Minuet").order_by("created_at").first()
    return found or make_piece(cast.student, cast.user("guardian"), "Minuet")


def _vibrato(cast: Cast) -> Skill:
    found = Skill.objects.filter(name="Vibrato").first()
    return found or make_skill(cast.student, cast.user("guardian"))


def piece(cast: Cast) -> list[object]:
    return [_minuet(cast).pk]


def skill(cast: Cast) -> list[object]:
    return [_vibrato(cast).pk]


def parts(cast: Cast, numbers: range) -> None:
    """Sections and notes of one piece, and others of its name."""
    row = _minuet(cast)
    for number in numbers:
        by = cast.user(WRITERS[number % 5])
        section = make_section(row, by, f"Row {number}", from_bar=1, to_bar=9)
        make_note(row, by, f"Row {number}", section=section, link="https://music.example/")
        make_piece(cast.student, by, "Minuet")


def notes_of_skill(cast: Cast, numbers: range) -> None:
    row = _vibrato(cast)
    for number in numbers:
        make_note(row, cast.user(WRITERS[number % 5]), f"Row {number}")
