"""Who reads along in a diary, told to the child whose diary it is."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.queries import faces_of, guests_of
from apps.core.templatetags.ui import day
from apps.practice.queries import DiaryHead


@dataclass(frozen=True, slots=True)
class Reader:
    """One person, and what they are to the child and may read, as a sentence. ``person`` is there if the
    child sees their photo."""

    name: str
    words: str
    person: User | None = None


def readers_of(head: DiaryHead, *, user: User, now: datetime) -> list[Reader]:
    """Everybody but the child: the grown-ups of the family, teachers, guests, whoever holds a link."""
    invited = guests_of(head.student, now)
    keys = {key for key, _name in head.guardians} | {teacher.user_id for teacher in head.current_teachers}
    faces = faces_of(user, keys | {guest.user.pk for guest in invited})
    family = _("A grown-up of your family. Reads everything, private entries too.")
    guardians = [Reader(name, family, faces.get(key)) for key, name in head.guardians]
    teachers = [
        Reader(teacher.name, _teachers_words(teacher.instrument), faces.get(teacher.user_id))
        for teacher in head.current_teachers
    ]
    guests = [
        Reader(
            guest.user.get_full_name(),
            _("A guest until %(day)s. Reads what is not private.") % {"day": day(guest.last_day)},
            faces.get(guest.user.pk),
        )
        for guest in invited
    ]
    links = [
        Reader(name, _("Reads by a link that a grown-up of your family sent. Nothing private."))
        for name in head.links
    ]
    return guardians + teachers + guests + links


def _teachers_words(instrument: str) -> str:
    if not instrument:
        return _("Your teacher. Reads what is not private.")
    return _("Your teacher for %(instrument)s. Reads what is not private.") % {"instrument": instrument}
