"""What the pages of a piece and a skill say of the diary, to each reader."""

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.practice import queries, services
from apps.practice.content import About, Line
from apps.repertoire.models import Piece
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_section, make_skill

from .lines import attach
from .test_differential import CHANGES


def test_the_page_of_a_piece_sums_up(cast: Cast, minuet: Piece) -> None:
    coda = make_section(minuet, cast.user("guardian"), "Coda")
    attach(cast, minuet, minutes=10)
    both = [
        Line("Menuet in D", tempo=88, about=About(piece=minuet.pk)),
        Line("Coda", minutes=5, repetitions=7, about=About(piece=minuet.pk, section=coda.pk)),
        Line("Scales"),
    ]
    make_entry(cast.student, cast.user("student"), minutes=25, lines=both)
    found = queries.practised(cast.user("student"), minuet)
    assert (found.minutes, found.sessions, found.last_on) == (25, 2, cast.entry.practised_on)
    assert [(line.section, line.minutes, line.tempo, line.repetitions) for line in found.lines] == [
        ("", 10, 88, None),
        ("Coda", 5, None, 7),
        ("", 10, None, None),
    ]


@pytest.mark.parametrize("kind", ["piece", "skill"])
@pytest.mark.parametrize("name", ["teacher", "second_teacher", "viewer", "commenter", "logger"])
def test_private_rows_make_no_difference_to_a_page(
    client: Client, cast: Cast, minuet: Piece, kind: str, name: str
) -> None:
    thing = minuet if kind == "piece" else make_skill(cast.student, cast.user("guardian"))
    line = Line("This", tempo=88, about=About(**{kind: thing.pk}))
    by, address = cast.user("student"), f"/{kind}s/{thing.pk}/"
    make_entry(cast.student, by, lines=[line])

    def page(who: User) -> str:
        client.force_login(who)
        return CHANGES.sub("", client.get(address).content.decode())

    before, family = page(cast.user(name)), page(by)
    for _ in range(3):
        make_entry(cast.student, by, minutes=11, lines=[line], is_private=True)
    deleted = make_entry(cast.student, by, minutes=12, lines=[line])
    services.delete_entry(entry=deleted, by=by, now=timezone.now())
    assert page(cast.user(name)) == before
    assert page(by) != family, "the control: the family sees them"


@pytest.mark.parametrize(
    ("name", "may"), [("student", True), ("guardian", True), ("logger", True), ("teacher", False)]
)
def test_practise_this_is_for_who_may_log(
    client: Client, cast: Cast, minuet: Piece, name: str, may: bool
) -> None:
    client.force_login(cast.user(name))
    html = client.get(f"/pieces/{minuet.pk}/").content.decode()
    assert (f"/diary/log/?piece={minuet.pk}" in html) is may
