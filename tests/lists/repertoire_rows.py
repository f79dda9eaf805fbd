"""Rows of a student's pieces and skills."""

from apps.practice.content import About, Line
from apps.repertoire.models import Piece, Skill
from tests.conftest import Cast
from tests.factories.practice import make_entry
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


def minuet(cast: Cast) -> Piece:
    """One of Mia's, made once; others of its name come later."""
    found = Piece.objects.filter(title="Minuet").order_by("created_at").first()
    return found or make_piece(cast.student, cast.user("guardian"), "Minuet")


def vibrato(cast: Cast) -> Skill:
    found = Skill.objects.filter(name="Vibrato").first()
    return found or make_skill(cast.student, cast.user("guardian"))


def piece(cast: Cast) -> list[object]:
    return [minuet(cast).pk]


def skill(cast: Cast) -> list[object]:
    return [vibrato(cast).pk]


def parts(cast: Cast, numbers: range) -> None:
    """Sections, notes and lines of one piece, and others of its name."""
    row = minuet(cast)
    for number in numbers:
        by = cast.user(WRITERS[number % 5])
        section = make_section(row, by, f"Row {number}", from_bar=1, to_bar=9)
        make_note(row, by, f"Row {number}", section=section, link="https://music.example/")
        make_piece(cast.student, by, "Minuet")
        _practise(cast, About(piece=row.pk, section=section.pk))


def _practise(cast: Cast, about: About) -> None:
    make_entry(cast.student, cast.user("student"), minutes=3, lines=[Line("This", tempo=96, about=about)])


def things(cast: Cast, numbers: range) -> None:
    """All that a line can be attached to, and lines of last time that are."""
    by = cast.user("guardian")
    for number in numbers:
        piece = make_piece(cast.student, by, f"Row {number}")
        section = make_section(piece, by)
        skill = make_skill(cast.student, by, f"Skill {number}")
        for about in (About(piece=piece.pk, section=section.pk), About(skill=skill.pk)):
            _practise(cast, about)


def notes_of_skill(cast: Cast, numbers: range) -> None:
    row = vibrato(cast)
    for number in numbers:
        make_note(row, cast.user(WRITERS[number % 5]), f"Row {number}")
        _practise(cast, About(skill=row.pk))


def thing_days(cast: Cast, numbers: range) -> None:
    """A piece each, practised once."""
    for number in numbers:
        piece = make_piece(cast.student, cast.user("guardian"), f"Counted {number}")
        line = Line(piece.title, about=About(piece=piece.pk))
        make_entry(cast.student, cast.user("guardian"), minutes=3, lines=[line])
