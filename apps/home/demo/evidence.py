"""What the pupils of the demo have to show: a note and a link on the newest session of each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from apps.accounts.models import User
from apps.evidence.content import a_link, a_note
from apps.evidence.services import add_evidence
from apps.practice.models import PracticeEntry

from .people import Pupil

WORDS = {
    "en": ("Slow is smooth: at 60 it never went wrong.", "The third try"),
    "de": ("Langsam ist sicher: mit 60 ging es nie daneben.", "Der dritte Versuch"),
}


def show(pupil: Pupil, entries: Sequence[PracticeEntry], *, by: User, now: datetime) -> None:
    if not entries:
        return
    newest = max(entries, key=lambda entry: (entry.practised_on, entry.created_at))
    words, caption = WORDS[pupil.language]
    for content in (a_note(words), a_link("https://example.org/", caption)):
        key = uuid5(NAMESPACE_URL, f"woodshed-demo/{pupil.key}/evidence/{content.kind}")
        add_evidence(key=key, about=newest, by=by, content=content, now=now)
