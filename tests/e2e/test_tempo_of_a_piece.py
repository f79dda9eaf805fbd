"""From a piece to the metronome: its tempo, and its own preset from then on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.conftest import Cast
from tests.e2e.conftest import Visitor
from tests.factories.repertoire import make_piece, make_section

Enter = Callable[..., Visitor]


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    return cast


def test_a_piece_has_a_preset_of_its_own(visitor: Enter, cast: Cast) -> None:
    piece = make_piece(cast.student, cast.user("guardian"), "Minuet & Trio #2")
    make_section(piece, cast.user("guardian"), "Trio", target_tempo=112)
    person = visitor()
    person.is_signed_in(cast.user("guardian"))
    tempo = person.page.get_by_label("Tempo", exact=True)
    name = person.page.get_by_label("Keep these settings as")

    person.visit(f"/pieces/{piece.pk}/")
    person.page.get_by_role("link", name="aim: 112 beats a minute").click()
    expect(name).to_have_value("Minuet & Trio #2 · Trio")
    expect(tempo).to_have_value("112")
    expect(person.page.locator("[data-metronome] [data-at=toggle]")).to_be_focused()

    person.visit(f"/pieces/{piece.pk}/")
    person.page.get_by_role("link", name="Metronome for this piece").click()
    expect(name).to_have_value("Minuet & Trio #2")
    tempo.fill("84")
    person.page.locator("[data-metronome]").get_by_role("button", name="Keep").click()
    tempo.fill("200")

    person.visit(f"/pieces/{piece.pk}/")
    person.page.get_by_role("link", name="Metronome for this piece").click()
    expect(tempo).to_have_value("84")
    # Asked for again on the same page, without another load.
    tempo.fill("150")
    person.page.evaluate("location.hash = '#for=Somebody+else&tempo=9000'")
    expect(tempo).to_have_value("400")
