"""The calendar: a month of a diary, each day as its reader counts it."""

import re
from datetime import date

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.practice.content import Line
from tests.conftest import Cast
from tests.factories.practice import make_entry


@pytest.fixture
def april(cast: Cast) -> Cast:
    """Of April 2026: twice on the 6th, once of it in private, and on the 30th for an exam."""
    by = cast.user("student")
    make_entry(cast.student, by, minutes=20, practised_on=date(2026, 4, 6))
    make_entry(cast.student, by, minutes=25, practised_on=date(2026, 4, 6), is_private=True)
    line = Line("Barcarolle")
    make_entry(
        cast.student, by, minutes=90, practised_on=date(2026, 4, 30), lines=[line], preparing_for_exam=True
    )
    return cast


def page(client: Client, cast: Cast, name: str, query: str = "?month=2026-04") -> str:
    client.force_login(cast.user(name))
    answer = client.get(f"/students/{cast.student.pk}/diary/calendar/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def totals(text: str) -> dict[str, str]:
    """Day → time, of the days that lead on."""
    cells = (
        r'class="calendar-day" href="[^"]*from=([\d-]+)[^"]*">.*?<span class="calendar-time">([^<]*)</span>'
    )
    return {day: time.replace("\xa0", " ") for day, time in re.findall(cells, text)}


@pytest.mark.parametrize(
    ("name", "sixth"), [("student", "45 min"), ("guardian", "45 min"), ("teacher", "20 min")]
)
def test_each_day_as_its_reader_counts_it(client: Client, april: Cast, name: str, sixth: str) -> None:
    expected = {"2026-04-06": sixth, "2026-04-30": "1 h 30 min"}
    assert totals(page(client, april, name)) == expected
    assert totals(page(client, april, name, "?month=2026-04&from=2000-01-01&q=")) == expected


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("exam=1", ["2026-04-30"]),
        ("q=barca", ["2026-04-30"]),
        ("private=1", ["2026-04-06"]),
        ("to=2026-04-29", ["2026-04-06"]),
        ("from=2026-04-07", ["2026-04-30"]),
        ("q=nowhere", []),
    ],
)
def test_it_is_filtered_as_the_list(client: Client, april: Cast, query: str, days: list[str]) -> None:
    assert list(totals(page(client, april, "guardian", f"?month=2026-04&{query}"))) == days


def test_a_day_says_in_full_which_it_is(client: Client, april: Cast) -> None:
    """To who hears the page; the number alone is for the eye."""
    (link,) = re.findall(
        r'<a class="calendar-day"[^>]*>(.*?)</a>', page(client, april, "teacher", "?month=2026-04&exam=1")
    )
    heard = re.sub(r'<span aria-hidden="true">30</span>', "", link)
    assert re.sub(r"<[^>]*>", "", heard).replace("\xa0", " ") == "Thu, 30 Apr 2026: 1 h 30 min"
    assert heard != link


def test_a_day_leads_to_its_entries_and_keeps_the_filters(client: Client, april: Cast) -> None:
    text = page(client, april, "teacher", "?month=2026-04&q=barca")
    (url,) = re.findall(r'class="calendar-day" href="([^"]*)"', text)
    rows = client.get(url.replace("&amp;", "&")).context["rows"]
    assert [row.practised_on for row in rows] == [date(2026, 4, 30)]


@pytest.mark.parametrize(("starts_on", "first", "cells"), [(0, "Mon", 35), (6, "Sun", 42)])
def test_weeks_begin_as_the_reader_has_them(
    client: Client, april: Cast, starts_on: int, first: str, cells: int
) -> None:
    """May 2026 begins on a Friday and ends on a Sunday."""
    User.objects.filter(pk=april.user("teacher").pk).update(week_starts_on=starts_on)
    text = page(client, april, "teacher", "?month=2026-05")
    assert re.findall(r'<th scope="col"><abbr title="\w+">(\w+)', text)[0] == first
    assert text.count("<td") == cells


def test_the_months_are_turned(client: Client, april: Cast) -> None:
    text = page(client, april, "teacher", "?month=2026-05&exam=1")
    assert "exam=1&amp;month=2026-04" in text
    assert "exam=1&amp;month=2026-06" in text
    this = page(client, april, "teacher", "")
    assert 'rel="next"' not in this
    assert totals(this) == {f"{april.entry.practised_on}": "30 min"}


def test_nobody_turns_back_before_the_first_day_that_they_may_read(client: Client, april: Cast) -> None:
    by, march = april.user("guardian"), date(2026, 3, 9)
    assert 'rel="prev"' not in page(client, april, "guardian")
    make_entry(april.student, by, minutes=25, practised_on=march, is_private=True)
    assert "month=2026-03" in page(client, april, "guardian")
    assert 'rel="prev"' not in page(client, april, "teacher")


@pytest.mark.parametrize("month", ["x", "2026-13", "2026-4", "1999-12", "9999-99", "2026-04-01", "%00"])
def test_garbage_is_this_month(client: Client, april: Cast, month: str) -> None:
    text = page(client, april, "teacher", f"?month={month}")
    assert "was not understood" in text
    assert f"{april.entry.practised_on}" in totals(text)


def test_others_learn_nothing(client: Client, april: Cast) -> None:
    for name in ("former_teacher", "former_guardian", "expired_guest", "stranger"):
        client.force_login(april.user(name))
        assert client.get(f"/students/{april.student.pk}/diary/calendar/").status_code == 404
