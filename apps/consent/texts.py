"""The words that people agree to. What somebody agreed to is never changed: new words get a new version.

``docs/consents.md`` shows them to whoever runs an installation; a test holds the two together.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .models import Purpose

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class NoSuchText(LookupError):
    """Nobody was ever shown this."""


@dataclass(frozen=True)
class Text:
    """``what`` is asked, ``means`` says what follows from yes and from no, ``plain`` is for the child."""

    purpose: Purpose
    version: int
    title: "_StrPromise"
    what: "_StrPromise"
    means: "_StrPromise"
    plain: "_StrPromise"


TEXTS = [
    Text(
        Purpose.CORE,
        1,
        _("The practice diary"),
        _(
            "We keep the student's name, month of birth, country and time zone, what was practised and "
            "for how long, what was written about it, and what teachers and guardians answer."
        ),
        _(
            "The student, all guardians, the teachers of today and guests whom you let in can read it; "
            "private entries only the student and the guardians. It is kept until you erase it. Nobody "
            "else gets it: not for advertising, not to train programs. Whoever runs this site stores it "
            "and sends its mail. If you take this back, nothing new can be written; what is there can "
            "still be read, copied and erased."
        ),
        _("We may keep your diary: what you play and what people say about it."),
    ),
    Text(
        Purpose.CORE,
        2,
        _("The practice diary"),
        _(
            "We keep the student's name, month of birth, country and time zone, what was practised and "
            "for how long, what was written about it, links, pictures and sheet music that were added, the "
            "instruments and what was done to them, exams and performances with their results, and what "
            "teachers and guardians answer."
        ),
        _(
            "The student, all guardians, the teachers of today and guests whom you let in can read it; "
            "private entries only the student and the guardians. Of a picture, and of sheet music, we keep "
            "what it shows and what its file was called, not where and when it was made; nobody is "
            "recognised in it. All of it is kept until you erase it. Nobody else gets it: not for "
            "advertising, not to train programs. Whoever runs this site stores it and sends its mail. If you "
            "take this back, nothing new can be written; what is there can still be read, copied and erased."
        ),
        _(
            "We may keep your diary: what you play and what you play on, pictures and sheet music that are "
            "added, your exams and concerts and how they went, and what people say about it."
        ),
    ),
    Text(
        Purpose.RECORDINGS,
        1,
        _("Recordings"),
        _("We store sound and film of the student's playing that the family uploads."),
        _(
            "The same people can hear it as can read the entry. A recording is deleted after 180 days, or"
            " sooner if you say so. Nobody is recognised by voice or face. Without this the diary works "
            "as before, with words only."
        ),
        _("You may put recordings of your playing here."),
    ),
    Text(
        Purpose.EMAIL,
        1,
        _("E-mail to the student"),
        _("We send the student mail about their practice to the address of their own sign-in."),
        _(
            "Reminders and answers come by mail too, never at night, and each mail can be stopped. "
            "Without this the student finds everything on the pages."
        ),
        _("You may get mail about your practice."),
    ),
    Text(
        Purpose.SMS,
        1,
        _("Text messages"),
        _("We send short messages about the student's practice to a guardian's own telephone number."),
        _("Only to a number that was confirmed, between 8 and 21 o'clock. Without this no message is sent."),
        _("Your grown-up may get text messages about your practice."),
    ),
    Text(
        Purpose.LEADERBOARD,
        1,
        _("Leaderboard"),
        _("The student can take part in a list that compares how much several students practise."),
        _(
            "Under a made-up name, never with fewer than five people. Without this the student is in no "
            "list, and nobody can tell."
        ),
        _("You may be in a list with others, under a made-up name."),
    ),
    Text(
        Purpose.INSIGHTS,
        1,
        _("Insights"),
        _("We count over a longer time what helps the student's practice, and show suggestions."),
        _(
            "Only from the student's own diary, with how sure each suggestion is. No program decides "
            "anything. Without this nothing is suggested."
        ),
        _("The diary may give you tips that it has worked out."),
    ),
]
# The first words about the diary that name pictures: none is kept for whoever agreed to earlier ones.
PICTURES_SINCE = 2
_BY_VERSION = {(text.purpose, text.version): text for text in TEXTS}
CURRENT = {text.purpose: text for text in sorted(TEXTS, key=lambda text: text.version)}


def text_of(purpose: str, version: int | None = None) -> Text:
    """The words of a version, or those of today. Raises NoSuchText."""
    try:
        return CURRENT[Purpose(purpose)] if version is None else _BY_VERSION[Purpose(purpose), version]
    except (KeyError, ValueError):
        raise NoSuchText(purpose, version) from None
