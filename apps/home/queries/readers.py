"""Who reads along in a diary, told to the child whose diary it is."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.queries import guests_of
from apps.core.templatetags.ui import day
from apps.practice.queries import DiaryHead


@dataclass(frozen=True, slots=True)
class Reader:
    """One person, and what they are to the child and may read, as a sentence."""

    name: str
    words: str


def readers_of(head: DiaryHead, *, now: datetime) -> list[Reader]:
    """Everybody but the child: the grown-ups of the family, the teachers, the guests."""
    guardians = [
        Reader(name, _("A grown-up of your family. Reads everything, private entries too."))
        for _key, name in head.guardians
    ]
    teachers = [
        Reader(teacher.name, _teachers_words(teacher.instrument)) for teacher in head.current_teachers
    ]
    guests = [
        Reader(
            guest.user.get_full_name(),
            _("A guest until %(day)s. Reads what is not private.") % {"day": day(guest.until)},
        )
        for guest in guests_of(head.student, now)
    ]
    return guardians + teachers + guests


def _teachers_words(instrument: str) -> str:
    if not instrument:
        return _("Your teacher. Reads what is not private.")
    return _("Your teacher for %(instrument)s. Reads what is not private.") % {"instrument": instrument}
