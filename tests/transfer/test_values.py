"""Days and lengths of time as people write them; headings as programs write them."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.practice.content import Line
from apps.practice.models.entries import ShownLine
from apps.transfer import drafts
from apps.transfer.columns import words_in
from apps.transfer.drafts import Diary, Options, Reader
from apps.transfer.fields import guess, guess_unit
from apps.transfer.importers import BY_KEY, importer_for
from apps.transfer.line_cells import PartIsUnknown, read_lines, write_lines
from apps.transfer.reading.limits import LONGEST_VALUE
from apps.transfer.safe_cells import guarded, unguarded
from apps.transfer.values.days import DayIsUnclear, Order, evidence_of, read_day
from apps.transfer.values.durations import DurationIsUnclear, Length, Unit, read_minutes

BERLIN = "Europe/Berlin"
QUARTERS = """75|75 min|75m|1:15|1:15:00|1h 15m|1h15|1 Std. 15 Min.|1,25 h|1.25 hours|PT1H15M|PT75M
1 hour and 15 minutes|1 Stunde und 15 Minuten|75:00|4500 s|75'|75.0""".replace("\n", "|").split("|")
DAYS = [
    "2026-11-21",
    "2026/11/21",
    "20261121",
    "21.11.2026",
    "21. 11. 2026",
    "21.11.26",
    "Sat, 21 Nov 2026",
    "21. November 2026",
    "Samstag, 21. November 2026",
    "Nov 21, 2026",
    "November 21st, 2026",
    "2026-11-21 00:00:00",
]


@pytest.mark.parametrize("text", DAYS)
def test_a_day(text: str) -> None:
    assert read_day(text, order=None, zone=BERLIN).day == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "month"), [("5 Mai 2026", 5), ("5. März 2026", 3), ("5 Dez 2026", 12), ("5-Oct-2026", 10)]
)
def test_months_in_words(text: str, month: int) -> None:
    assert read_day(text, order=None, zone="UTC").day == date(2026, month, 5)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("3/4/2026", Order.MONTH_FIRST, date(2026, 3, 4)),
        ("3/4/2026", Order.DAY_FIRST, date(2026, 4, 3)),
        ("3-4-26", Order.DAY_FIRST, date(2026, 4, 3)),
        ("4/4/2026", None, date(2026, 4, 4)),
    ],
)
def test_the_order_decides(text: str, order: Order | None, expected: date) -> None:
    assert read_day(text, order=order, zone="UTC").day == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "3/4/2026",
        "32.1.2026",
        "2026-13-01",
        # Before the first day there is, as a clock in Greenwich has it.
        "0001-01-01T00:00:00+01:00",
        "0000-01-01",
        "1.5",
        "45000",
        "13/13/2026",
    ],
)
def test_no_day(text: str) -> None:
    with pytest.raises(DayIsUnclear):
        read_day(text, order=None, zone="UTC")


def test_only_two_numbers_leave_the_century_out() -> None:
    assert read_day("1.2.26", order=None, zone="UTC").day == date(2026, 2, 1)
    assert read_day("1.2.0026", order=None, zone="UTC").day == date(26, 2, 1)


def test_a_moment_elsewhere_is_a_day_here() -> None:
    """Who plays after midnight is still in yesterday, as everywhere."""
    late = read_day("2026-11-21T23:30:00Z", order=None, zone=BERLIN)
    assert (late.day, late.at) == (date(2026, 11, 21), time(0, 30))
    assert read_day("2026-11-22T01:59:00Z", order=None, zone=BERLIN).day == date(2026, 11, 21)
    assert read_day("2026-11-22T02:00:00Z", order=None, zone=BERLIN).day == date(2026, 11, 22)
    early = read_day("2026-11-22T02:00:00Z", order=None, zone=BERLIN, day_ends_at_hour=5)
    assert early.day == date(2026, 11, 21)
    # What says no offset says its day itself.
    assert read_day("2026-11-22 00:30", order=None, zone=BERLIN).day == date(2026, 11, 22)


def test_a_moment_is_a_day_where_its_row_says() -> None:
    reader = Reader(
        {"date": 0, "minutes": 1, "time_zone": 2}, Options(fill="Song"), Diary("Mia", BERLIN, is_family=True)
    )
    found = reader.read(["2026-11-22T04:30:00Z", "5", "America/New_York"]).content
    assert (found["date"], found["started_at"]) == ("2026-11-21", "23:30:00")
    assert reader.read(["2026-11-22T04:30:00Z", "5", ""]).content["date"] == "2026-11-22"
    assert read_day("11/21/2026 6:05 PM", order=Order.MONTH_FIRST, zone="UTC").at == time(18, 5)


def test_a_column_tells_its_order_or_does_not() -> None:
    assert evidence_of(["1/2/2026", "13/2/2026"]).order == Order.DAY_FIRST
    assert evidence_of(["1/2/2026", "2/13/2026"]).order == Order.MONTH_FIRST
    assert evidence_of(["1/2/2026"]).must_ask
    assert evidence_of(["13/2/2026", "2/13/2026"]).must_ask
    assert not evidence_of(["2026-02-01", "1.2.2026", "2/2/2026"]).must_ask


@pytest.mark.parametrize("text", QUARTERS)
def test_an_hour_and_a_quarter(text: str) -> None:
    length = read_minutes(text)
    assert (length.minutes, length.is_rounded) == (75, False)


@pytest.mark.parametrize(("text", "minutes"), [("90 s", 2), ("20s", 1), ("2,5", 3), ("0:45:20", 45)])
def test_what_is_not_whole_is_rounded(text: str, minutes: int) -> None:
    length = read_minutes(text)
    assert (length.minutes, length.is_rounded) == (minutes, True)


@pytest.mark.parametrize(("unit", "minutes"), [(Unit.MINUTES, 90), (Unit.HOURS, 5400), (Unit.SECONDS, 2)])
def test_a_bare_number_has_the_unit_of_its_column(unit: Unit, minutes: int) -> None:
    assert read_minutes("90", unit=unit).minutes == minutes


@pytest.mark.parametrize(
    "text", ["", "-5", "soon", "1:75", "5m 1h", "1e5", "inf", "1h 2h", "P", "½ h", f"PT{'9' * 40}H"]
)
def test_no_length(text: str) -> None:
    with pytest.raises(DurationIsUnclear):
        read_minutes(text)


def test_zero_is_a_length_that_the_diary_refuses() -> None:
    assert read_minutes("0").minutes == 0


@given(st.text())
def test_a_guarded_cell_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


TITLES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=30)
LINES = st.builds(
    ShownLine,
    TITLES,
    st.sampled_from(["piece", "exercise"]),
    st.none() | st.integers(1, 1440),
    st.none() | st.integers(20, 400),
    st.none() | st.integers(1, 999),
)


@given(st.lists(LINES, max_size=5))
def test_lines_in_a_cell_come_back(lines: list[ShownLine]) -> None:
    expected = [Line(line.title, line.kind, line.minutes, line.tempo, line.repetitions) for line in lines]
    assert read_lines(write_lines(lines)) == expected


@pytest.mark.parametrize("cell", ["Song | loud", "Song | 3 min | 4 min", "Song | 3"])
def test_what_stands_behind_a_title_must_be_known(cell: str) -> None:
    with pytest.raises(PartIsUnknown):
        read_lines(cell)


def test_lines_as_somebody_types_them() -> None:
    assert read_lines("Song|10MIN\r\n\r\nScale | Exercise | 80bpm") == [
        Line("Song", minutes=10),
        Line("Scale", kind="exercise", tempo=80),
    ]


def test_headings_are_guessed_in_both_languages() -> None:
    assert guess(["Datum", "Dauer (Stunden)", "Stück", "Komponist", "Wer weiß", "Notizen"]) == {
        "date": 0,
        "minutes": 1,
        "piece": 2,
        "composer": 3,
        "notes": 5,
    }
    assert guess_unit("Dauer (Stunden)") == Unit.HOURS
    assert guess_unit("Duration (sec)") == Unit.SECONDS
    assert guess_unit("Dauer") == Unit.MINUTES


@pytest.mark.parametrize("language", ["en", "de"])
def test_our_own_export_is_known_in_every_language(language: str) -> None:
    headings = list(words_in(language, {}).labels.values())
    assert len(set(headings)) == len(headings)
    found = importer_for(headings)
    assert found.key == "woodshed"
    assert list(found.mapping(headings)) == list(words_in(language, {}).labels)


def test_any_other_table_is_a_table() -> None:
    assert importer_for(["Date", "Minutes"]) is BY_KEY["table"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("date", "day_unclear"),
        ("started_at", "clock_unclear"),
        ("minutes", "length_unclear"),
        ("tempo", "no_number"),
    ],
)
def test_a_value_of_sixty_thousand_signs_is_not_looked_at(
    name: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run of blanks would take a search for words between numbers as long as its square."""
    cells = {"date": "2026-01-01", "started_at": "18:30", "minutes": "45", "piece": "Song", "tempo": "80"}
    cells[name] = f"1{' ' * 59_990}1"
    for reader in ("read_day", "read_clock", "read_minutes"):
        real = getattr(drafts, reader)

        def short(text: str, real: Any = real, **more: Any) -> Any:
            assert len(text) <= LONGEST_VALUE
            return real(text, **more)

        monkeypatch.setattr(drafts, reader, short)
    places = {key: place for place, key in enumerate(cells)}
    draft = Reader(places, Options(), Diary("Mia", "UTC", is_family=True)).read(list(cells.values()))
    assert (draft.is_refused, [problem.code for problem in draft.problems]) == (True, [code])


def test_blanks_within_a_length_say_nothing() -> None:
    assert read_minutes(f" 1 h{' ' * 20}and \t 15 min").minutes == 75


@pytest.mark.parametrize("text", ["0:00", "PT0S", "0:00:00"])
def test_zero_in_every_way_is_a_length_that_the_diary_refuses(text: str) -> None:
    assert read_minutes(text).minutes == 0


def test_a_number_out_of_a_formula_is_rounded() -> None:
    assert read_minutes("22.333333333333332") == Length(22, is_rounded=True)
