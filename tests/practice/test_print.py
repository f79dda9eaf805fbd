"""The diary on paper: the days and filters that were asked for, and only what the reader may read."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.practice.content import Line
from apps.practice.queries import sheets
from tests.conftest import Cast
from tests.factories.children import child_client, make_child_login
from tests.factories.practice import make_entry

SignIn = Callable[[User], Client]
DAY = timedelta(days=1)


def today(cast: Cast) -> date:
    return cast.student.today(timezone.now())


def sheet(cast: Cast, client: Client, query: str = "") -> str:
    answer = client.get(reverse("practice:entry-print", args=[cast.student.pk]) + query)
    assert answer.status_code == 200
    html: str = answer.content.decode()
    return html


def log(cast: Cast, title: str, day: date, **content: Any) -> None:
    make_entry(cast.student, cast.user("student"), lines=[Line(title)], practised_on=day, **content)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("student", {"shared", "private", "addressed"}),
        ("guardian", {"shared", "private", "addressed"}),
        ("teacher", {"shared"}),
        ("second_teacher", {"shared", "addressed"}),
        ("viewer", {"shared"}),
    ],
)
def test_each_prints_what_they_may_read(cast: Cast, as_user: SignIn, name: str, read: set[str]) -> None:
    html = sheet(cast, as_user(cast.user(name)))
    kinds = ("shared", "private", "addressed")
    assert {kind for kind in kinds if f"Qz{kind}description" in html} == read
    assert ("Private entries are among them." in html) == ("private" in read)


@pytest.mark.parametrize("name", ["stranger", "former_teacher", "former_guardian", "expired_guest", "staff"])
def test_nobody_else_prints(cast: Cast, as_user: SignIn, name: str) -> None:
    url = reverse("practice:entry-print", args=[cast.student.pk])
    assert as_user(cast.user(name)).get(url).status_code == 404
    assert as_user(cast.user("guardian")).post(url).status_code == 405


def test_without_days_it_is_four_weeks(cast: Cast, as_user: SignIn) -> None:
    log(cast, "Inside", today(cast) - 27 * DAY)
    log(cast, "Outside", today(cast) - 28 * DAY)
    html = sheet(cast, as_user(cast.user("guardian")))
    assert "Inside" in html
    assert "Outside" not in html


def test_days_and_filters_are_those_of_the_history(cast: Cast, as_user: SignIn) -> None:
    for number in range(4):
        log(cast, f"Piece {number}", today(cast) - number * DAY, preparing_for_exam=number == 2)
    client = as_user(cast.user("guardian"))

    def found(query: str) -> set[int]:
        html = sheet(cast, client, query)
        return {number for number in range(4) if f"Piece {number}" in html}

    first, last = (today(cast) - 2 * DAY).isoformat(), (today(cast) - DAY).isoformat()
    assert found(f"?from={first}&to={last}") == found(f"?from={last}&to={first}") == {1, 2}
    assert found(f"?to={first}") == {2, 3}
    assert found("?exam=1") == {2}
    assert found("?q=piece+3") == {3}
    assert "A part of the address was not understood" in sheet(cast, client, "?from=never")
    page = client.get(reverse("practice:entry-list", args=[cast.student.pk]) + "?exam=1").content.decode()
    assert reverse("practice:entry-print", args=[cast.student.pk]) + "?exam=1" in page


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "3000-01-01", "9999-12-31", "2026-02-30"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_a_day_of_no_calendar_is_left_out(cast: Cast, as_user: SignIn, name: str, day: str) -> None:
    """Four weeks before the first day there is, there is none."""
    html = sheet(cast, as_user(cast.user("guardian")), f"?{name}={day}")
    assert "A part of the address was not understood" in html


@pytest.mark.parametrize("day", ["2000-01-01", "2999-12-31"])
def test_the_first_and_the_last_day_are_printed(cast: Cast, as_user: SignIn, day: str) -> None:
    html = sheet(cast, as_user(cast.user("guardian")), f"?to={day}")
    assert "A part of the address was not understood" not in html


def test_it_reads_from_the_first_day_to_the_last_and_says_the_sum(cast: Cast, as_user: SignIn) -> None:
    for number in (3, 2):
        log(cast, f"Piece {number}", today(cast) - number * DAY, minutes=40)
    query = f"?to={(today(cast) - DAY).isoformat()}"
    html = sheet(cast, as_user(cast.user("guardian")), query)
    assert html.index("Piece 3") < html.index("Piece 2")
    assert "1 h 20 min on 2 days" in html


def test_every_word_is_there(cast: Cast, as_user: SignIn) -> None:
    log(cast, "Long", today(cast), struggles="much " * 300 + "end")
    assert "much end" in sheet(cast, as_user(cast.user("guardian")))


def test_too_much_is_cut_and_said(cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST", 2)
    log(cast, "Oldest", today(cast) - 9 * DAY)
    html = sheet(cast, as_user(cast.user("guardian")))
    assert "These are the newest entries of those days" in html
    assert "Oldest" not in html


def test_nothing_fits(cast: Cast, as_user: SignIn) -> None:
    html = sheet(cast, as_user(cast.user("guardian")), "?from=2020-01-01&to=2020-01-02")
    assert "Nothing to print" in html
    assert "Qzshared" not in html


def test_a_child_prints_their_own(cast: Cast) -> None:
    student, guardian = cast.other_student, cast.user("other_guardian")
    make_child_login(student, guardian)
    make_entry(student, guardian, lines=[Line("Minuet in G")])
    answer = child_client(student, guardian).get(reverse("practice:entry-print", args=[student.pk]))
    assert "Minuet in G" in answer.content.decode()
