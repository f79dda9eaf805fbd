"""Whom to talk to first, and why: one set of rules, without a database and without a clock.

The page, the report and whatever else asks read the same flags. Each is a reason in words and figures. What
the figures hold is what the teacher may see: nothing private is among them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.dateformat import format as format_date
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.core.weeks import DAYS_PER_WEEK

# The mean that a week is compared with, and the least of it that says something.
WEEKS_OF_MEAN = 4
LEAST_MEAN_MINUTES = 20
MINUTES_PER_HOUR = 60
# A struggle counts as named again within so many days, the one of today among them.
STRUGGLE_DAYS = 14
CUT_AT = 60


class FlagKind(StrEnum):
    """In the order of how much they matter."""

    EXAM = "exam"
    SILENT = "silent"
    MISSED = "missed"
    BELOW = "below"
    STRUGGLE = "struggle"


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """A teacher's own, or these.

    ``silent_days`` without practice; ``expected_days`` of practice in a week, missed ``missed_weeks`` in a
    row; ``points`` below the own mean; a struggle named ``struggle_times``; an exam within ``exam_weeks``.
    Nought switches a rule off.
    """

    silent_days: int = 5
    expected_days: int = 3
    missed_weeks: int = 2
    points: int = 20
    struggle_times: int = 2
    exam_weeks: int = 3


@dataclass(frozen=True)
class Week:
    """Seven days that end on a day: practised days and minutes."""

    days: int
    minutes: int


@dataclass(frozen=True)
class Exam:
    title: str
    held_on: date
    target_hours: int
    minutes: int


@dataclass(frozen=True)
class Struggle:
    """What was hard, in the student's words, and in how many sessions it was named."""

    words: str
    times: int


@dataclass(frozen=True)
class Named:
    """One session in which something was hard: the words, and the pieces that were practised in it."""

    words: str
    pieces: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One pupil on a day of theirs. ``weeks``: those that end yesterday, a week before, and so on; as many as
    lie wholly in the time of the lessons. ``began_on`` is the day on which the lessons began."""

    today: date
    began_on: date
    last_on: date | None
    weeks: Sequence[Week]
    # Of those to come, the next one first.
    exams: Sequence[Exam] = ()
    struggle: Struggle | None = None


@dataclass(frozen=True)
class Flag:
    """``weight`` sorts: the larger, the worse; of one kind it grows with the figure."""

    kind: FlagKind
    reason: str
    weight: int


def flags_of(figures: Figures, by: Thresholds) -> list[Flag]:
    """All reasons to look at this pupil, the worst first; none for whom all is well."""
    found = [
        *_exam(figures, by),
        *_silent(figures, by),
        *_missed(figures, by),
        *_below(figures, by),
        *_struggle(figures, by),
    ]
    return sorted(found, key=lambda flag: -flag.weight)


# The first kind is the worst.
RANKS = {kind: rank for rank, kind in enumerate(reversed(FlagKind), start=1)}
WORDS = re.compile(r"\w+")


def _weight(kind: FlagKind, amount: int) -> int:
    """Kinds in their order; within one, so many steps."""
    return RANKS[kind] * 1000 + min(max(amount, 0), 999)


def _silent(figures: Figures, by: Thresholds) -> Iterator[Flag]:
    days = (figures.today - (figures.last_on or figures.began_on)).days
    if not by.silent_days or days < by.silent_days:
        return
    if figures.last_on is None:
        text = ngettext("nothing logged in %(count)d day", "nothing logged in %(count)d days", days)
    else:
        text = ngettext("silent for %(count)d day", "silent for %(count)d days", days)
    yield Flag(FlagKind.SILENT, text % {"count": days}, _weight(FlagKind.SILENT, days))


def _missed(figures: Figures, by: Thresholds) -> Iterator[Flag]:
    """So many finished weeks in a row with fewer days of practice than the teacher expects."""
    if not (by.expected_days and by.missed_weeks):
        return
    row = 0
    for week in figures.weeks:
        if week.days >= by.expected_days:
            break
        row += 1
    if row >= by.missed_weeks:
        text = ngettext(
            "%(count)d week in a row below %(days)d days",
            "%(count)d weeks in a row below %(days)d days",
            row,
        )
        words = text % {"count": row, "days": by.expected_days}
        yield Flag(FlagKind.MISSED, words, _weight(FlagKind.MISSED, row))


def _below(figures: Figures, by: Thresholds) -> Iterator[Flag]:
    """The last seven days against the mean of the four weeks before them."""
    if not by.points or len(figures.weeks) <= WEEKS_OF_MEAN:
        return
    last, *before = figures.weeks[: WEEKS_OF_MEAN + 1]
    together = sum(week.minutes for week in before)
    if together < LEAST_MEAN_MINUTES * WEEKS_OF_MEAN:
        return
    # In whole points, so that the figure that is shown is the one that decides.
    points = 100 - round(100 * last.minutes * WEEKS_OF_MEAN / together)
    if points >= by.points:
        words = _("%(points)d %% less than in the weeks before (%(minutes)d min, before %(mean)d)") % {
            "points": points,
            "minutes": last.minutes,
            "mean": round(together / WEEKS_OF_MEAN),
        }
        yield Flag(FlagKind.BELOW, words, _weight(FlagKind.BELOW, points))


def _exam(figures: Figures, by: Thresholds) -> Iterator[Flag]:
    """The next one that is near and behind its hours."""
    last = figures.today + timedelta(days=by.exam_weeks * DAYS_PER_WEEK)
    for exam in figures.exams if by.exam_weeks else ():
        is_near = figures.today <= exam.held_on <= last
        if not is_near or exam.minutes >= exam.target_hours * MINUTES_PER_HOUR:
            continue
        # Rounded down, so that nobody reads "9 of 9" who is short of it.
        tenths = exam.minutes * 10 // MINUTES_PER_HOUR
        words = _("%(title)s on %(day)s: %(hours)s of %(target)d hours") % {
            "title": exam.title,
            "day": format_date(exam.held_on, pgettext("Django date format of a day without year", "j M")),
            "hours": f"{tenths / 10:.1f}".removesuffix(".0"),
            "target": exam.target_hours,
        }
        days = (exam.held_on - figures.today).days
        yield Flag(FlagKind.EXAM, words, _weight(FlagKind.EXAM, 999 - days))
        return


def _struggle(figures: Figures, by: Thresholds) -> Iterator[Flag]:
    found = figures.struggle
    if found is not None and by.struggle_times and found.times >= by.struggle_times:
        words = _("hard %(count)d times: “%(words)s”") % {
            "count": found.times,
            "words": found.words if len(found.words) <= CUT_AT else Truncator(found.words).chars(CUT_AT),
        }
        yield Flag(FlagKind.STRUGGLE, words, _weight(FlagKind.STRUGGLE, found.times))


def most_named(sessions: Iterable[Named]) -> Struggle | None:
    """What came back in most of these sessions, the newest first: the same words, whatever their case, spaces
    and punctuation; or whatever was hard while the same piece was practised. In its newest words.
    """
    words: dict[str, str] = {}
    times: dict[str, int] = {}
    for session in sessions:
        for key in {" ".join(WORDS.findall(session.words.casefold())), *session.pieces} - {""}:
            words.setdefault(key, session.words)
            times[key] = times.get(key, 0) + 1
    most = max(times, key=lambda key: times[key], default=None)
    return None if most is None else Struggle(words[most], times[most])


def weeks_of(minutes: Mapping[date, int], *, today: date, since: date, count: int) -> list[Week]:
    """So many weeks of seven days, the one that ends yesterday first; only those that begin at ``since`` or
    later, when the lessons began."""
    weeks = min(count, max((today - since).days, 0) // DAYS_PER_WEEK)
    found = [[0, 0] for _week in range(weeks)]
    yesterday = today.toordinal() - 1
    for day, practised in minutes.items():
        days_ago = yesterday - day.toordinal()
        if 0 <= days_ago < weeks * DAYS_PER_WEEK:
            week = found[days_ago // DAYS_PER_WEEK]
            week[0] += 1
            week[1] += practised
    return [Week(days, total) for days, total in found]


def weeks_asked(by: Thresholds) -> int:
    """How many weeks these rules look at."""
    return max(WEEKS_OF_MEAN + 1, by.missed_weeks)
