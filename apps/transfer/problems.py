"""Sentences for what is to be said about a row, or about a whole file."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.practice import services as practice
from apps.practice.models.entries import label_of
from apps.practice.refusals import refusal

from .reading.limits import MOST_ROWS

MEGABYTE = 1024 * 1024


def sentence(code: str, values: Sequence[Any], name: str) -> str:
    """``name``: the student's. What the diary refuses is said as the form for one session says it."""
    error = getattr(practice, code, None)
    if error is not None:
        said = refusal(error(*values), name)
        return f"{label_of(values[0])}: {said}" if code == "TextIsTooLong" else said
    sentences = {
        "of_another_student": _("This row is about “%(0)s”, and this is the diary of %(name)s."),
        "no_day": _("There is no day."),
        "day_unclear": _("“%(0)s” is no day that we understand. Write it as 2026-03-31."),
        "day_too_early": _("%(0)s is too long ago."),
        "clock_unclear": _("“%(0)s” is no time of day. Write it as 18:30."),
        "no_length": _("It does not say how long it was."),
        "length_unclear": _("“%(0)s” is no length of time that we understand. Write 45, 1:15 or 1 h 15 min."),
        "line_part_unknown": _(
            "“%(0)s” behind the name of a piece is neither minutes, tempo nor repetitions."
        ),
        "invisible": _("There is a text in which nothing can be seen."),
        "no_number": _("“%(0)s” is no whole number."),
        "not_for_guests": _("Only the family can say that somebody may not read it."),
        "same_as_row": _("It says the same as row %(0)s and is left out."),
        "already_there": _("The diary has this session already."),
        "rounded": _("“%(0)s” becomes %(1)s min."),
        "zone_unknown": _("“%(0)s” is no time zone; the day counts where %(name)s lives."),
        "numbers_without_line": _("The tempo and the repetitions belong to no piece and are left out."),
        "area_left_out": _("What it was about, “%(0)s”, is left out."),
        "flag_unclear": _("“%(0)s” is neither yes nor no and counts as no."),
        "rating_unclear": _("“%(0)s” is no number of stars from 1 to 5 and is left out."),
        "teacher_unknown": _("“%(0)s” does not teach %(name)s now: it stays in the family."),
    }
    given = {str(place): value for place, value in enumerate(values)}
    return sentences[code] % {"name": name, **given}


def file_sentence(code: str, most_bytes: int) -> str:
    """By the name of the error."""
    sentences = {
        "FileIsTooLarge": _(
            "This file is larger than %(megabytes)d MB. Please cut it into parts, for example a year each."
        ),
        "FileHasTooManyRows": _("This file has more than %(rows)s rows. Please cut it into parts."),
        "FileIsNoTable": _("This is not a table that we can read. Please choose a CSV or XLSX file."),
        "FileIsAnOldWorkbook": _(
            "This is an old workbook (XLS), or one with a password. Please save it as XLSX without one."
        ),
        "FileIsBroken": _("This file is damaged, or not all of it arrived. Please choose it again."),
        "FileUnpacksTooLarge": _("This workbook becomes far too large when it is opened. Save it as CSV."),
        "FileIsEmpty": _("There is nothing in this file below the names of the columns."),
        "FileIsGone": _("The file was deleted meanwhile. Please choose it again."),
        "NotAllowedAnyMore": _("Whoever chose this file may not write into this diary any more."),
        "CollectionIsOff": _("Nothing new may be written into this diary at the moment."),
    }
    other = _("We could not go on with this file. Whoever runs this Woodshed can see what went wrong.")
    rows = number_format(MOST_ROWS, force_grouping=True)
    values = {"megabytes": most_bytes // MEGABYTE, "rows": rows}
    return sentences.get(code, other) % values
