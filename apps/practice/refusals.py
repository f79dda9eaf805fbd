"""Sentences for what cannot be saved: what was impossible, and what to do instead."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext, ngettext

from apps.repertoire.models.pieces import FASTEST, SLOWEST

from .models.entries import LONGEST_TITLE
from .services import EntryIsNotPossible, SessionIsTooLong, TextIsTooLong


def too_long(limit: int, teachers: Sequence[str]) -> str:
    """What to do with a session above the student's limit, and who can raise it."""
    split = ngettext(
        "Please split the session: %(limit)d minute at most.",
        "Please split the session: %(limit)d minutes at most.",
        limit,
    ) % {"limit": limit}
    if limit >= settings.PRACTICE_MAX_MINUTES:
        return split
    if teachers:
        raises = gettext("Longer sessions: %(teachers)s can raise the limit.") % {
            "teachers": ", ".join(dict.fromkeys(teachers))
        }
    else:
        raises = gettext("Longer sessions: a teacher, or whoever runs this site, can raise the limit.")
    return f"{split} {raises}"


def refusal(error: EntryIsNotPossible, name: str, *, teachers: Sequence[str] = ()) -> str:
    """What was impossible, and what to do instead."""
    if isinstance(error, SessionIsTooLong):
        return too_long(error.limit, teachers)
    if isinstance(error, TextIsTooLong):
        return gettext("That is too long: %(limit)d characters at most.") % {"limit": error.limit}
    sentences = {
        "SessionIsTooShort": gettext("One minute is the least."),
        "NothingWasSaid": gettext(
            "Say what was practised: a piece, an exercise, or a description of at least 10 characters."
        ),
        "DayIsTooLong": gettext("With this, the sessions of that day would be longer than 24 hours."),
        "DayIsInTheFuture": gettext("That day is still to come where %(name)s lives."),
        "TooManyLines": gettext("That is more than 30 pieces and exercises. Please take some away."),
        "LinesAreLongerThanTheSession": gettext("The lines below add up to more minutes than the session."),
        "LinesAreShorterThanTheSession": gettext(
            "The lines below add up to fewer minutes than the session. Leave the minutes of one line empty, "
            "or add a line for the rest."
        ),
        "LineHasNoTitle": gettext("Say in each line what was practised."),
        "LineIsTooLong": gettext("A line is too long: %(limit)d characters at most."),
        "LineKindIsUnknown": gettext("A line is either a piece or an exercise."),
        "LineMinutesAreNotPossible": gettext("The minutes of a line are a number from 1 to 1440."),
        "TempoIsNotPossible": gettext("The tempo of a line is a number from %(slowest)d to %(fastest)d."),
        "RepetitionsAreNotPossible": gettext("The repetitions of a line are a number from 1 to 999."),
        "TooManyAreas": gettext("There are 30 own ones already. Choose one of them."),
        "NotTheirs": gettext(
            "A piece, section or skill in the lines was deleted or merged at this moment. Press Save again: "
            "your words stay."
        ),
        "SavedBeforeOtherwise": gettext(
            "This session is saved already, with what was written first. Open it in the diary to change it. "
            "If this is another session, press Save again."
        ),
        "KeyIsTaken": gettext("This form was used before. Please press Save again."),
        "ChangedMeanwhile": gettext(
            "This entry was changed while you were writing, so nothing is saved yet. Look at what it says "
            "now. If you press Save again, your words replace it."
        ),
        "AnswerIsOvertaken": gettext(
            "What was given to practise was changed at this moment. Look at it and press Save again: your "
            "words stay."
        ),
        "NotThisTeaching": gettext("This teacher does not teach %(name)s any more. Choose who may read it."),
        "NotThisThing": gettext("This is not there any more. Choose again."),
    }
    bounds = {"limit": LONGEST_TITLE, "slowest": SLOWEST, "fastest": FASTEST}
    return sentences[type(error).__name__] % {"name": name, **bounds}
