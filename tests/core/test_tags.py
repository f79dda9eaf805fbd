"""The atoms and rows that pages show by the dozen: right, escaped, and never in the wrong language."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from apps.core.templatetags.charts import heatmap
from apps.core.templatetags.rows import entry_card, roster_row, week_strip
from apps.core.templatetags.ui import heat, initials, kept, theme
from apps.core.weeks import seven_days

TODAY = date(2026, 11, 21)


def draw(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("minutes", "level"),
    [(None, 0), (0, 0), (1, 1), (19, 1), (20, 2), (39, 2), (40, 3), (59, 3), (60, 4), (900, 4)],
)
def test_minutes_have_five_levels(minutes: int | None, level: int) -> None:
    assert heat(minutes) == level


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mia Berg", "MB"), ("mia", "M"), ("Ana María de la Cruz", "AC"), ("✿ ✿", "♪"), ("", "♪")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_kept_template_is_drawn_once_a_language_and_value() -> None:
    english = kept("components/preset_buttons.html", fill="minutes")
    assert kept("components/preset_buttons.html", fill="minutes") is english
    assert 'data-fill="minutes"' in english
    assert "data-fill" not in kept("components/preset_buttons.html")
    with translation.override("de"):
        german = kept("components/preset_buttons.html", fill="minutes")
    assert "Minuten" in german
    assert "Minuten" not in english


def test_a_kept_value_is_escaped() -> None:
    assert "<i>" not in kept("components/preset_buttons.html", fill='"><i>')


@pytest.mark.parametrize(
    ("cookie", "chosen"), [("dark", "dark"), ("light", "light"), ("system", ""), ('"><b>', "")]
)
def test_only_two_colours_can_be_chosen(rf: RequestFactory, cookie: str, chosen: str) -> None:
    request = rf.get("/")
    request.COOKIES["theme"] = cookie
    assert theme(request) == chosen
    assert draw("{{ request|theme }}", request=request) == chosen


def test_a_week_says_each_day_in_words() -> None:
    monday = TODAY - timedelta(days=5)
    days = seven_days(monday, today=TODAY, minutes={monday: 25})
    drawn = week_strip(days)
    assert drawn.count("<li") == 7
    assert "Monday, 16 Nov: 25 minutes" in drawn
    assert "Tuesday, 17 Nov: no practice" in drawn
    assert "Saturday, 21 Nov: nothing yet today" in drawn
    assert "Sunday, 22 Nov: still to come" in drawn
    with translation.override("de"):
        german = week_strip(days)
    assert "Montag, 16. Nov.: 25 Minuten" in german
    assert "Monday" in week_strip(days)


def test_a_weeks_label_is_escaped() -> None:
    assert "<b>" not in week_strip([], '"><b>')


@pytest.mark.parametrize("week_starts_on", [0, 6])
def test_a_year_has_a_square_for_each_day_until_today(week_starts_on: int) -> None:
    drawn = heatmap({TODAY: 60, TODAY - timedelta(days=1): 5}, TODAY, week_starts_on=week_starts_on)
    into_the_week = (TODAY.weekday() - week_starts_on) % 7
    assert drawn.count("z") == 52 * 7 + into_the_week + 1
    assert drawn.count('class="heat-4"') == drawn.count('class="heat-1"') == 1


def entry(**more: object) -> SimpleNamespace:
    fields: dict[str, object] = {
        "pk": "1",
        "practised_on": TODAY,
        "minutes": 25,
        "description": "",
        "struggles": "",
        "achievements": "",
        "notes": "",
        "preparing_for_exam": False,
        "preparing_for_performance": False,
        "is_private": False,
        "enjoyment": None,
        "shown_lines": [],
        "shown_areas": [],
    }
    return SimpleNamespace(**(fields | more))


HOSTILE = "<b>&\"'</b>"


@pytest.mark.parametrize("name", ["description", "struggles", "achievements", "notes"])
def test_a_cards_words_are_escaped(name: str) -> None:
    assert "<b>" not in entry_card(entry(**{name: HOSTILE}), url="/x/")


def test_a_cards_names_are_escaped() -> None:
    drawn = entry_card(
        entry(
            shown_lines=[
                SimpleNamespace(kind="piece", title=HOSTILE, minutes=None, tempo=None, repetitions=None)
            ],
            shown_areas=[HOSTILE],
        ),
        url='/"><b>/',
        student_name=HOSTILE,
        addressed_name=HOSTILE,
        logged_by_name=HOSTILE,
        edit_url='/"><b>/',
        delete_url='/"><b>/',
    )
    assert "<b>" not in drawn


def test_a_card_speaks_the_readers_language() -> None:
    full = entry(struggles="a", achievements="b", preparing_for_exam=True, is_private=True, enjoyment=4)
    english = entry_card(full, url="/x/", comment_count=2, is_new=True)
    with translation.override("de"):
        german = entry_card(full, url="/x/", comment_count=2, is_new=True)
    assert "2 comments" in english
    assert "2 Kommentare" in german
    assert "What was hard" in english
    assert "What was hard" not in german


def test_long_words_are_cut_in_a_list_and_whole_on_their_page() -> None:
    long = entry(notes="x" * 300)
    assert "x" * 300 not in entry_card(long, url="/x/")
    assert "x" * 300 in entry_card(long, whole=True)


def test_a_roster_row_is_escaped_and_counts_no_further_than_99() -> None:
    drawn = roster_row(
        HOSTILE,
        url='/"><b>/',
        people_url='/"><b>/',
        snooze_url='/"><b>/',
        instrument=HOSTILE,
        flags=[HOSTILE, HOSTILE],
        new_count=100,
    )
    assert "<b>" not in drawn
    assert "99+ new" in drawn
    assert "3 new" in roster_row("Mia", url="/x/", new_count=3)
    assert "new" not in roster_row("Mia", url="/x/")
