"""A piece from its first line to the end of its twin, by keyboard, and without any script."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from apps.repertoire.models import Note, Piece, PieceSection
from tests.conftest import Cast, make_cast
from tests.factories.repertoire import make_piece

from .conftest import Visitor

Enter = Callable[..., Visitor]
LONG = "W" * 90


@pytest.fixture
def mia(transactional_db: None) -> Cast:
    return make_cast()


def enter(visitor: Enter, mia: Cast, name: str, *, scripts: bool = True) -> Visitor:
    person = visitor(java_script_enabled=scripts)
    person.is_signed_in(mia.user(name))
    return person


def look(person: Visitor, name: str) -> None:
    """In every look; with SCREENSHOTS set, each is kept in that folder."""
    person.check_looks()
    if folder := os.environ.get("SCREENSHOTS"):
        looks: list[tuple[int, Literal["light", "dark"]]] = [(390, "light"), (1280, "dark")]
        for width, scheme in looks:
            person.page.set_viewport_size({"width": width, "height": 844})
            person.page.emulate_media(color_scheme=scheme)
            path = Path(folder) / f"{name}-{width}-{scheme}.png"
            person.page.screenshot(path=str(path), full_page=True)


def test_a_piece_by_keyboard(visitor: Enter, mia: Cast) -> None:
    student = enter(visitor, mia, "student")
    student.visit(f"/students/{mia.student.pk}/diary/")
    student.page.get_by_role("link", name="Pieces and skills").press("Enter")
    student.page.wait_for_url("**/pieces/")
    look(student, "pieces-empty")
    student.page.get_by_role("link", name="Add the first piece").press("Enter")
    student.page.wait_for_url("**/add/")
    student.page.keyboard.press("Tab")
    student.fill(title="Minuet in G", composer="Petzold")
    with student.page.expect_navigation():
        student.page.keyboard.press("Enter")
    assert student.says("learning")
    make_piece(mia.student, mia.user("guardian"), LONG * 2, composer=LONG, status="polishing", difficulty=5)
    make_piece(mia.student, mia.user("guardian"), "Minuet in G", status="archived")
    student.page.reload()
    look(student, "piece")
    student.visit(f"/students/{mia.student.pk}/pieces/")
    look(student, "pieces")
    student.visit(f"/students/{mia.student.pk}/skills/")
    look(student, "skills-empty")


def test_all_of_it_without_scripts(visitor: Enter, mia: Cast) -> None:
    make_piece(mia.student, mia.user("teacher"), "Minuet in G")
    guardian = enter(visitor, mia, "guardian", scripts=False)
    guardian.visit(f"/students/{mia.student.pk}/pieces/add/")
    guardian.fill(title="minuet in g", words="From the green book")
    guardian.submit()
    assert guardian.says("Is it one of these?")
    assert guardian.page.input_value("[name=words]") == "From the green book"
    guardian.page.check("[name=anyway]")
    guardian.submit()
    guardian.page.get_by_role("link", name="Add a section").click()
    guardian.fill(name="Verse", from_bar="1", to_bar="8", target_tempo="-5")
    guardian.submit()
    assert guardian.says("from 20 to 400")
    guardian.fill(target_tempo="96")
    guardian.submit()
    assert guardian.says("bars 1 to 8")
    guardian.page.select_option("form[action$='/status/'] select", "ready")
    guardian.press("Set")
    assert guardian.says("ready to perform")
    guardian.page.get_by_role("link", name="Make them one").click()
    guardian.submit()
    assert guardian.says("The two are one piece now.")
    piece = Piece.objects.kept().get()
    assert PieceSection.objects.get().piece == piece
    assert Note.objects.get().piece == piece
