"""What was said about a student, as the ledger keeps it."""

from typing import Any

from apps.accounts.models import Student, User
from apps.accounts.services.collection import version_of_words
from apps.consent.models import ConsentEvent, Method, Purpose
from apps.consent.texts import text_of

from .accounts import LONG_AGO

# The words of today about the diary, and what the box sends of whoever has read them.
WORDS = version_of_words()
AGREED = str(WORDS)


def make_consent(
    student: Student, by: User, purpose: Purpose = Purpose.CORE, *, given: bool = True, **fields: Any
) -> ConsentEvent:
    """One line of the ledger, with the column that repeats it; no mail."""
    defaults = {
        "text_version": text_of(purpose).version,
        "language": "en",
        "method": Method.GUARDIAN,
        "at": LONG_AGO,
    }
    event = ConsentEvent.objects.create(
        student_id=student.pk, purpose=purpose, given=given, by=by, **(defaults | fields)
    )
    if purpose == Purpose.CORE:
        Student.objects.filter(pk=student.pk).update(collecting=given)
        student.collecting = given
    return event
