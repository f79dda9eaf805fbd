"""When two names are one, and the names that are offered."""

import unicodedata

import pytest

from apps.repertoire.catalogue import works
from apps.repertoire.names import folded, same_composer


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Für Elise", "FUR ELISE"),
        ("Für Elise", unicodedata.normalize("NFD", "Für Elise")),
        ("Minuet in G, BWV Anh. 114", "minuet in g  bwv anh 114"),
        ("“Raindrop” Prelude", "Raindrop-Prelude"),
        ("Straße", "STRASSE"),
        ("Salut d\u2019amour", "salut d'amour"),
        ("Étude № 3", "Etude No 3"),
        ("Ⅳ", "iv"),
        ("F♯ minor", "f# minor"),
        ("F# minor", "F sharp minor"),
        ("B♭ major", "B-flat major"),
        ("Invention #1", "Invention 1"),
    ],
)
def test_two_ways_to_write_one_title(one: str, other: str) -> None:
    assert folded(one, 200) == folded(other, 200)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Minuet in G", "Minuet in D"),
        ("Invention 1", "Invention 11"),
        ("C# minor", "C minor"),
        ("Prelude in E♭", "Prelude in E"),
        ("がく", "かく"),
        ("कि", "कु"),
        ("♪", "♫"),
        ("练习", "第一"),
    ],
)
def test_two_titles(one: str, other: str) -> None:
    assert folded(one, 200) != folded(other, 200)
    assert all(folded(name, 200) for name in (one, other))


def test_a_sign_that_stands_for_many_stays_in_its_column() -> None:
    assert len(folded("\ufdfa" * 200, 200)) <= 200


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("J. S. Bach", "Bach, Johann Sebastian", True),
        ("Dvořák", "Antonin Dvorak", True),
        ("", "Anybody", True),
        ("Anybody", "  ", True),
        ("Clara Schumann", "Clara Wieck", False),
        ("Mozart", "Haydn", False),
    ],
)
def test_composers(one: str, other: str, is_same: bool) -> None:
    assert same_composer(one, other) is is_same


def test_the_catalogue_is_whole() -> None:
    found = works()
    assert len(found) >= 150
    assert len({(folded(work.title, 200), work.composer) for work in found}) == len(found)
    assert all(0 < len(work.title) <= 200 and len(work.composer) <= 100 for work in found)
    assert all(work.title == work.title.strip() for work in found)
    assert len({work.composer for work in found}) >= 60
