"""Lines of entries in a browser: a piece by its name, last time again, and what became of the piece."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from apps.practice.content import About, Line
from apps.practice.models import PracticeItem
from tests.conftest import Cast, make_cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece, make_section

from .conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Visitor]
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmütze "


@pytest.fixture
def mia(transactional_db: None) -> Cast:
    return make_cast()


def look(person: Visitor, name: str, *, scripts: bool) -> None:
    """In every look, which only a script can judge; with SCREENSHOTS set, each is kept in that folder."""
    if not scripts:
        return
    person.check_looks()
    if folder := os.environ.get("SCREENSHOTS"):
        looks: list[tuple[int, Literal["light", "dark"]]] = [(390, "light"), (1280, "dark")]
        for width, scheme in looks:
            person.page.set_viewport_size({"width": width, "height": 844})
            person.page.emulate_media(color_scheme=scheme)
            path = Path(folder) / f"{name}-{width}-{scheme}.png"
            person.page.screenshot(path=str(path), full_page=True)


def follow(person: Visitor, name: str) -> None:
    with person.page.expect_navigation():
        person.page.get_by_role("link", name=name).first.click()


@pytest.mark.parametrize("scripts", [True, False])
def test_practise_this_and_see_it_add_up(visitor: Enter, mia: Cast, scripts: bool) -> None:
    by = mia.user("guardian")
    piece = make_piece(mia.student, by, "Menuet in D", composer=LONG.strip())
    coda = make_section(piece, by, "Coda")
    student = visitor(java_script_enabled=scripts)
    student.is_signed_in(mia.user("student"))
    student.visit(f"/pieces/{piece.pk}/")
    assert student.says("Not practised yet")
    look(student, "unpractised", scripts=scripts)
    follow(student, "Practise this")
    title = student.page.locator("[name=lines-0-title]")
    assert title.input_value() == piece.label
    student.page.get_by_text("Tempo and repetitions").first.click()
    student.fill(**{"minutes": "25", "lines-0-tempo": "-5", "lines-0-repetitions": "7"})
    with student.page.expect_navigation():
        student.page.locator("button.btn-primary[name=save]:visible").first.click()
    look(student, "wrong", scripts=scripts)
    assert student.says("Ensure this value is greater than or equal to 20")
    student.fill(**{"lines-0-tempo": "96"})
    with student.page.expect_navigation():
        student.page.locator("button.btn-primary[name=save]:visible").first.click()
    (line,) = PracticeItem.objects.filter(piece=piece)
    assert (line.tempo, line.repetitions, line.share_minutes) == (96, 7, 25)
    make_entry(
        mia.student,
        by,
        minutes=20,
        lines=[
            Line("Coda", tempo=104, about=About(piece=piece.pk, section=coda.pk)),
            Line("Scales", "exercise", repetitions=3),
        ],
    )
    student.visit(f"/pieces/{piece.pk}/")
    assert student.says("35 min")
    look(student, "practised", scripts=scripts)
    follow(student, "Practise this")
    follow(student, "All lines of last time with")
    assert student.page.locator("[name=lines-1-title]").input_value() == "Scales"
    assert student.says("last time: 104")
    look(student, "last-time", scripts=scripts)
