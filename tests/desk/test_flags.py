"""Every flag with its reason, on figures made to raise exactly it, and none one step short of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from apps.desk.triage import Exam, Figures, FlagKind, Struggle, Thresholds, Week, flags_of

TODAY = date(2026, 11, 23)
USUAL = Thresholds()
GOOD = Week(days=4, minutes=80)
# All is well: practised yesterday, as in the weeks before.
WELL = Figures(today=TODAY, began_on=date(2026, 1, 5), last_on=TODAY - timedelta(days=1), weeks=[GOOD] * 5)


def reasons(figures: Figures, by: Thresholds = USUAL) -> list[tuple[str, str]]:
    return [(flag.kind.value, flag.reason) for flag in flags_of(figures, by)]


def last_on(days_ago: int) -> Figures:
    return replace(WELL, last_on=TODAY - timedelta(days=days_ago))


def exam(days: int, minutes: int) -> Figures:
    return replace(WELL, exams=[Exam("Grade 5", TODAY + timedelta(days=days), 9, minutes)])


def weeks(*days: int) -> Figures:
    return replace(WELL, weeks=[Week(count, 80) for count in days])


def minutes(last: int, *before: int) -> Figures:
    return replace(WELL, weeks=[Week(4, each) for each in (last, *before)])


def struggle(times: int) -> Figures:
    return replace(WELL, struggle=Struggle("the trill", times))


# What raises the flag, its reason, and what is one step short of it.
CASES = [
    ("silent", last_on(5), "silent for 5 days", last_on(4)),
    ("missed", weeks(2, 2, 3, 4, 4), "2 weeks in a row below 3 days", weeks(2, 3, 2, 2, 2)),
    (
        "below",
        minutes(64, 80, 80, 80, 80),
        "20 % less than in the weeks before (64 min, before 80)",
        minutes(65, 80, 80, 80, 80),
    ),
    ("struggle", struggle(2), "hard 2 times: “the trill”", struggle(1)),
    ("exam", exam(21, 539), "Grade 5 on 14 Dec: 8.9 of 9 hours", exam(22, 539)),
    ("exam", exam(0, 240), "Grade 5 on 23 Nov: 4 of 9 hours", exam(0, 540)),
]


def test_where_all_is_well_nothing_is_said() -> None:
    assert reasons(WELL) == []


@pytest.mark.parametrize(("kind", "figures", "reason", "short"), CASES)
def test_exactly_this_flag_and_not_one_step_short(
    kind: str, figures: Figures, reason: str, short: Figures
) -> None:
    assert reasons(figures) == [(kind, reason)]
    assert reasons(short) == []


def test_an_exam_that_is_over_is_no_reason() -> None:
    assert reasons(exam(-1, 0)) == []


def test_who_never_logged_is_silent_since_the_lessons_began() -> None:
    new = replace(WELL, last_on=None, began_on=TODAY - timedelta(days=5), weeks=[])
    assert reasons(new) == [("silent", "nothing logged in 5 days")]
    assert reasons(replace(new, began_on=TODAY - timedelta(days=4))) == []


def test_weeks_before_the_lessons_are_not_missed() -> None:
    assert reasons(weeks(0)) == []
    assert reasons(replace(WELL, weeks=[])) == []


def test_little_is_not_compared_with_next_to_nothing() -> None:
    assert reasons(minutes(0, 20, 20, 20, 19)) == []
    assert [kind for kind, _reason in reasons(minutes(0, 20, 20, 20, 20))] == ["below"]


@pytest.mark.parametrize(("kind", "figures", "reason", "short"), CASES)
def test_a_rule_is_switched_off_by_nought(kind: str, figures: Figures, reason: str, short: Figures) -> None:
    off = Thresholds(silent_days=0, expected_days=0, missed_weeks=0, points=0, struggle_times=0, exam_weeks=0)
    assert reasons(figures, off) == []


@pytest.mark.parametrize(("kind", "figures", "reason", "short"), CASES)
def test_the_thresholds_are_the_teachers(kind: str, figures: Figures, reason: str, short: Figures) -> None:
    strict = Thresholds(
        silent_days=4, expected_days=4, missed_weeks=1, points=19, struggle_times=1, exam_weeks=4
    )
    if all(each.minutes < 540 for each in short.exams):
        assert kind in {flag.kind.value for flag in flags_of(short, strict)}


def test_the_worst_comes_first() -> None:
    figures = replace(
        last_on(12),
        weeks=[Week(0, 0), Week(1, 80), *[GOOD] * 3],
        exams=[Exam("Grade 5", TODAY + timedelta(days=9), 9, 60)],
        struggle=Struggle("the trill", 3),
    )
    assert [flag.kind for flag in flags_of(figures, USUAL)] == list(FlagKind)
