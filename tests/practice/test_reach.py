"""A filtered history is looked through a part at a time: nothing is lost between the parts, none is endless,
and what one may not read moves no border of them."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.access import allowed
from apps.core.pages import cursor_to
from apps.practice.content import About, Line
from apps.practice.models import FocusArea, PracticeEntry
from apps.practice.queries import find_head, history_of, newest_first
from apps.practice.queries import reach as reaching
from apps.practice.queries.filters import Filters, filtered
from apps.practice.queries.history import PAGE_SIZE
from apps.practice.queries.reach import reach_of
from apps.repertoire.models import Piece
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_skill

from .test_differential import CHANGES
from .test_history_page import page, shown

READERS = ("student", "teacher", "viewer")
DAYS = 6


@pytest.fixture
def diary(cast: Cast, minuet: Piece) -> dict[str, Filters]:
    """Three sessions a day of every kind; what is asked for is in some of them."""
    by, skill = cast.user("student"), make_skill(cast.student, cast.user("guardian"))
    scales = FocusArea.objects.get(slug="scales")
    audiences: list[dict[str, Any]] = [{}, {"is_private": True}, {"addressed_to": cast.teaching}]
    for number in range(3 * DAYS):
        abouts = [About(piece=minuet.pk)] if number % 4 == 0 else []
        abouts += [About(skill=skill.pk)] if number % 5 == 0 else []
        make_entry(
            cast.student,
            by,
            minutes=1 + number,
            practised_on=cast.entry.practised_on - timedelta(days=1 + number // 3),
            lines=[Line("Line", about=about) for about in abouts],
            description="Slowly, bar by bar" if number % 3 else "Quickly, at last",
            focus_areas=[scales] if number % 7 == 0 else [],
            preparing_for_exam=number % 6 == 1,
            preparing_for_performance=number % 9 == 1,
            **audiences[number % 3],
        )
    return {
        "words": Filters(q="slow"),
        "nothing": Filters(q="nowhere"),
        "piece": Filters(piece=minuet.pk),
        "skill": Filters(skill=skill.pk),
        "both": Filters(piece=minuet.pk, skill=skill.pk),
        "focus": Filters(focus="scales"),
        "exam": Filters(exam=True),
        "performance": Filters(performance=True, q="slow"),
        "private": Filters(private=True),
        "teacher": Filters(teacher=cast.teaching.pk),
        "instrument": Filters(instrument=cast.teaching.instrument),
        "days": Filters(q="quick", since=cast.entry.practised_on - timedelta(days=5)),
    }


def turned(cast: Cast, name: str, filters: Filters) -> Iterator[tuple[list[PracticeEntry], date | None]]:
    """The rows of one page after the other, and how far back each looked."""
    user, cursor = cast.user(name), None
    for _ in range(60):
        head = find_head(user, cast.student.pk, "view", with_filters=True)
        assert head is not None
        found = history_of(user, head, filters, cursor, now=timezone.now())
        yield found.page.rows, found.back_to
        cursor = found.page.older
        if cursor is None:
            return
    raise AssertionError("it goes on for ever")


def fitting(cast: Cast, name: str, filters: Filters) -> list[PracticeEntry]:
    rows = allowed(PracticeEntry.objects.filter(student=cast.student), "view", cast.user(name))
    return list(newest_first(filtered(rows, filters, cast.student.pk)))


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("most", [3, 1000])
def test_one_part_after_the_other_is_all(
    cast: Cast, diary: dict[str, Filters], monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(reaching, "MOST_LOOKED_AT", most)
    for what, filters in diary.items():
        pages = list(turned(cast, name, filters))
        expected = fitting(cast, name, filters)
        assert [row for rows, _day in pages for row in rows] == expected, what
        # Each looks further back than the one before, and the last one to the end.
        days = [day for _rows, day in pages]
        assert days[-1] is None
        borders = [day for day in days if day]
        assert borders == sorted(set(borders), reverse=True)
        if most == 1000:
            assert len(pages) == max(1, -(-len(expected) // PAGE_SIZE))


@pytest.mark.parametrize("name", READERS)
def test_figures_are_of_what_was_looked_at(
    cast: Cast, diary: dict[str, Filters], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    head = find_head(cast.user(name), cast.student.pk, "view", with_filters=True)
    assert head is not None
    for most in (1000, 3):
        monkeypatch.setattr(reaching, "MOST_LOOKED_AT", most)
        for what, filters in diary.items():
            found = history_of(cast.user(name), head, filters, None, now=timezone.now()).statistics
            reach = reach_of(head, filters)
            days = (entry for entry in fitting(cast, name, filters) if reach.first is not None)
            expected = [entry.minutes for entry in days if entry.practised_on >= reach.first]  # type: ignore[operator]
            # Where nothing was found, nothing is counted.
            figures = (found.total_sessions, found.total_minutes) if found else (0, 0)
            assert figures == (len(expected), sum(expected)), what
            assert found is None or found.is_cut == reach.is_cut
            assert most == 3 or not reach.is_cut


@pytest.mark.parametrize("name", ["teacher", "viewer"])
def test_private_sessions_move_no_border(
    client: Client, cast: Cast, diary: dict[str, Filters], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(reaching, "MOST_LOOKED_AT", 4)
    asked = [filters.address() for filters in diary.values() if not filters.private]

    def all_pages(who: str) -> list[str]:
        return [CHANGES.sub("", text) for address in asked for text in to_the_end(client, cast, who, address)]

    before, family = all_pages(name), all_pages("student")
    assert any("We looked at everything since" in text for text in before)
    # On days, too, of which what one may read is without that piece.
    things = (About(piece=diary["piece"].piece), About(skill=diary["skill"].skill))
    others: list[dict[str, Any]] = [{"is_private": True}, {"addressed_to": cast.second_teaching}]
    for back in range(DAYS):
        make_entry(
            cast.student,
            cast.user("student"),
            practised_on=cast.entry.practised_on - timedelta(days=back),
            notes="Slowly",
            lines=[Line("Line", about=about) for about in things],
            **others[back // 2 % 2],
        )
    assert all_pages(name) == before
    assert all_pages("student") != family, "the control: the family sees them"


def to_the_end(client: Client, cast: Cast, who: str, address: str) -> Iterator[str]:
    """One page after the other."""
    text = page(client, cast, who, f"?{address}")
    yield text
    while 'rel="next"' in text:
        text = client.get(link(text, "next")).content.decode()
        yield text


def test_a_page_says_how_far_back_it_looked(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    today, by = cast.entry.practised_on, cast.user("student")
    for back, notes in ((1, "Bach"), (2, ""), (3, ""), (4, "Bach"), (5, "")):
        make_entry(cast.student, by, practised_on=today - timedelta(days=back), notes=notes)
    monkeypatch.setattr(reaching, "MOST_LOOKED_AT", 2)
    first = page(client, cast, "viewer", "?q=bach")
    assert len(shown(first)) == 1
    assert "We looked at everything since" in first
    assert "at least 1" in first.replace("\xa0", " ")
    second = client.get(link(first, "next"))
    text = second.content.decode()
    assert second.context["rows"] == []
    assert "Nothing found in this part" in text
    assert "We looked at everything since" in text
    assert "Show everything" in text
    third = client.get(link(text, "next")).content.decode()
    assert len(shown(third)) == 1
    assert "We looked at everything since" not in third
    # Back again: from where nothing was, and from the last one.
    assert shown(client.get(link(text, "prev")).content.decode()) == shown(first)
    assert shown(client.get(link(third, "prev")).content.decode()) == shown(first)


def test_figures_stand_above_what_they_count_alone(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found in the first part is no sum of the second, and nothing found has no average."""
    today, by = cast.entry.practised_on, cast.user("student")
    for back in (1, 2, 3, 4):
        notes = "Bach" if back > 2 else ""
        make_entry(cast.student, by, practised_on=today - timedelta(days=back), notes=notes)
    monkeypatch.setattr(reaching, "MOST_LOOKED_AT", 3)
    first = page(client, cast, "viewer", "?q=bach")
    second = client.get(link(first, "next")).content.decode()
    assert (len(shown(first)), len(shown(second))) == (0, 2)
    for text in (first, second):
        assert "A session, on average" not in text
    # One of the first part as well: above it there are figures, above what is further back there are none.
    make_entry(cast.student, by, practised_on=today, notes="Bach")
    first = page(client, cast, "viewer", "?q=bach")
    second = client.get(link(first, "next")).content.decode()
    again = client.get(link(second, "prev")).content.decode()
    assert [len(shown(text)) for text in (first, second, again)] == [1, 2, 1]
    assert ["A session, on average" in text for text in (first, second, again)] == [True, False, True]


@pytest.mark.parametrize("sessions", [1, 12])
def test_a_page_further_back_costs_one_statement_more_however_much_is_found(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, sessions: int
) -> None:
    day, by = cast.entry.practised_on, cast.user("student")
    for back in (1, 3):
        for _ in range(sessions):
            make_entry(cast.student, by, practised_on=day - timedelta(days=back), notes="Bach")
    make_entry(cast.student, by, practised_on=day - timedelta(days=2))
    monkeypatch.setattr(reaching, "MOST_LOOKED_AT", sessions + 2)
    client.force_login(cast.user("viewer"))
    address = reverse("practice:entry-list", args=[cast.student.pk])
    client.get(f"{address}?q=bach")
    counts, found, more = [], [], "?q=bach"
    # Down, and up again.
    for rel in ("next", "prev", ""):
        with CaptureQueriesContext(connection) as captured:
            text = client.get(more if more.startswith("/") else address + more).content.decode()
        counts.append(len(captured))
        found.append(len(shown(text)))
        more = link(text, rel) if rel else ""
    assert (counts, found) == ([6, 7, 6], [sessions, sessions, sessions])


def link(text: str, rel: str) -> str:
    (found,) = re.findall(rf'rel="{rel}" href="([^"]*)"', text)
    return str(found).replace("&amp;", "&")


def test_below_the_last_one_it_says_so_and_leads_back(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for back in (1, 2, 3):
        day = cast.entry.practised_on - timedelta(days=back)
        make_entry(cast.student, cast.user("student"), practised_on=day, notes="" if back > 1 else "Bach")
    # Three sessions of today, and one of yesterday.
    monkeypatch.setattr(reaching, "MOST_LOOKED_AT", 4)
    first = page(client, cast, "student", "?q=bach")
    below = client.get(link(first, "next")).content.decode()
    assert "Nothing older fits" in below
    assert 'rel="next"' not in below
    assert shown(client.get(link(below, "prev")).content.decode()) == shown(first)


def test_signs_alone_are_looked_for_nowhere(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No session says them, so there is nothing further back either."""
    make_entry(cast.student, cast.user("student"), practised_on=cast.entry.practised_on - timedelta(days=1))
    monkeypatch.setattr(reaching, "MOST_LOOKED_AT", 1)
    for sought, is_cut in (("!!!", False), ("?-", False), ("bach", True)):
        assert ('rel="next"' in page(client, cast, "student", f"?q={sought}")) == is_cut


def test_above_the_first_one_it_begins_anew(client: Client, cast: Cast) -> None:
    """What was newer may be gone by now."""
    entry = make_entry(cast.student, cast.user("student"), notes="Bach")
    newer = f"?q=bach&page={_newer_than(entry)}"
    assert shown(page(client, cast, "student", newer)) == [str(entry.pk)]


def _newer_than(entry: PracticeEntry) -> str:
    return cursor_to("newer", [entry.practised_on, entry.created_at, entry.pk])
