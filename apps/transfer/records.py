"""One entry as the cells of a row."""

from datetime import date, time

from apps.practice.models import PracticeEntry
from apps.practice.models.entries import RATINGS
from apps.private_teaching.models import Teaching

from .columns import Words
from .line_cells import write_lines

Cell = str | int | date | None
# Between the names of focus areas; no name of one has a line break.
BETWEEN = "\n"


def record_of(entry: PracticeEntry, words: Words) -> dict[str, Cell]:
    """By the keys of the columns. Needs an entry with its lines and areas, as lists have it."""
    return {
        "date": entry.practised_on,
        "started_at": wall_time(entry.started_at_time),
        "time_zone": entry.time_zone,
        "minutes": entry.minutes,
        "lines": write_lines(entry.shown_lines),
        "description": entry.description,
        "struggles": entry.struggles,
        "achievements": entry.achievements,
        "notes": entry.notes,
        "focus": BETWEEN.join(words.areas.get(word, word) for word in area_words(entry)),
        "exam": words.yes if entry.preparing_for_exam else "",
        "performance": words.yes if entry.preparing_for_performance else "",
        **{name: getattr(entry, name) for name in RATINGS},
        "audience": audience_of(entry, words),
    }


def area_words(entry: PracticeEntry) -> list[str]:
    """Keys of everybody's focus areas, names of own ones."""
    found: list[str] = vars(entry)["area_words"]
    return found


def wall_time(moment: time | None) -> str:
    """ISO 8601, as short as nothing is lost."""
    if moment is None:
        return ""
    return moment.isoformat() if moment.second or moment.microsecond else moment.isoformat("minutes")


def audience_of(entry: PracticeEntry, words: Words) -> str:
    """Nothing for what is shared."""
    if entry.is_private:
        return words.private
    return words.only_for % {"name": teaching_label(entry.addressed_to)} if entry.addressed_to else ""


def teaching_label(teaching: Teaching) -> str:
    """As ``practice.queries.Teacher.label`` names it."""
    name = teaching.teacher.get_full_name()
    return f"{name} ({teaching.instrument})" if teaching.instrument else name
