"""What the pages of a piece and a skill say of the diary, to each reader."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core.access import allowed
from apps.practice import queries, services
from apps.practice.content import About, Line
from apps.practice.models import PracticeEntry
from apps.practice.queries import newest_first
from apps.practice.queries.practised import MOST_LINES
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


READERS = ("student", "second_guardian", "teacher", "second_teacher", "viewer", "logger")


@pytest.mark.parametrize("name", READERS)
def test_the_figures_are_those_of_the_entries_that_one_may_read(cast: Cast, minuet: Piece, name: str) -> None:
    """Shared, private, for each teacher: counted by the role, held against the rule of the entries."""
    audiences: list[dict[str, Any]] = [
        {},
        {"is_private": True},
        {"addressed_to": cast.teaching},
        {"addressed_to": cast.second_teaching},
    ]
    for minutes, audience in zip((1, 2, 4, 8), audiences, strict=True):
        attach(cast, minuet, minutes=minutes, **audience)
    user = cast.user(name)
    readable = allowed(PracticeEntry.objects.filter(items__piece=minuet), "view", user)
    found = queries.practised(user, minuet)
    assert found.minutes == sum(readable.values_list("minutes", flat=True)) > 0
    assert [line.entry_id for line in found.lines] == list(
        newest_first(readable).values_list("pk", flat=True)
    )


def test_who_lost_the_diary_meanwhile_learns_nothing(cast: Cast, minuet: Piece) -> None:
    attach(cast, minuet)
    found = queries.practised(cast.user("former_teacher"), minuet)
    assert (found.minutes, found.sessions, found.lines, found.may_log) == (0, 0, [], False)


def test_the_newest_stand_there_and_the_figures_count_all(cast: Cast, minuet: Piece) -> None:
    now = timezone.now()
    for number in range(MOST_LINES + 2):
        lines = [Line("Menuet in D", about=About(piece=minuet.pk)) for _ in range(1 + number % 2)]
        day = cast.student.today(now) - timedelta(days=number)
        make_entry(cast.student, cast.user("student"), minutes=2, lines=lines, practised_on=day)
    found = queries.practised(cast.user("guardian"), minuet)
    assert (found.sessions, found.minutes, found.has_older) == (MOST_LINES + 2, 2 * MOST_LINES + 4, True)
    days = [line.day for line in found.lines]
    assert days == sorted(days, reverse=True)
    # One line on the first day, two on the next: twenty lines are of fourteen days.
    assert len(set(days)) == 14
