"""Every write to the ledger, under the student's row lock, so that two who decide at once have an order."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language

from apps.accounts.models import Student, User
from apps.accounts.services import end_reader_links
from apps.accounts.services.collection import MayNotDecide
from apps.accounts.services.family import lock_student
from apps.core import access, audit
from apps.core.countries import CONSENT_AGES
from apps.core.tokens import hash_token

from . import emails, queries
from .models import Confirmation, ConsentEvent, Method, Purpose
from .texts import text_of

LINK_LIFETIME = timedelta(days=30)


class TextHasChanged(Exception):
    """What was shown when the page was opened is not what is asked today."""


class NoSuchCountry(Exception):
    """Neither in the table nor the empty code of everywhere else."""


class TooYoungThere(Exception):
    """Who decides alone would decide no more in that country, and nobody else would."""


class LinkIsOver(Exception):
    """Used, out of date, or what it takes back does not stand any more, or its reader has no say any more."""


def _deciding(student: Student, by: User) -> Student:
    """The student under the lock, if this person decides at this moment. Raises MayNotDecide."""
    locked = lock_student(student)
    if not access.is_allowed("decide_consents", by, locked):
        raise MayNotDecide
    return locked


@transaction.atomic
def give_consent(
    *, student: Student, purpose: Purpose, version: int, by: User, now: datetime
) -> ConsentEvent | None:
    """Note that somebody agreed to what the page showed; None if it was agreed to already.

    Raises MayNotDecide, TextHasChanged.
    """
    locked = _deciding(student, by)
    if version != text_of(purpose).version:
        raise TextHasChanged
    method = Method.SELF if locked.user_id == by.pk else Method.GUARDIAN
    return _say(locked, purpose, given=True, by=by, method=method, now=now)


@transaction.atomic
def withdraw_consent(*, student: Student, purpose: Purpose, by: User, now: datetime) -> ConsentEvent | None:
    """Take it back; one guardian is enough, and whoever gave it may always. None if there was nothing to
    take back. Raises MayNotDecide."""
    locked = lock_student(student)
    if not may_withdraw(locked, purpose, by):
        raise MayNotDecide
    method = Method.SELF if locked.user_id == by.pk else Method.GUARDIAN
    return _say(locked, purpose, given=False, by=by, method=method, now=now)


def version_on_joining() -> int:
    """See ``collection.version_of_words``."""
    return text_of(Purpose.CORE).version


@transaction.atomic
def agree_on_joining(*, student: Student, by: User, now: datetime) -> None:
    """The box on the page of an invitation, or of a diary of one's own; see ``collection.agree``.

    Raises MayNotDecide.
    """
    locked = _deciding(student, by)
    if was_decided(student=locked):
        return
    method = Method.SELF if locked.user_id == by.pk else Method.INVITATION
    _say(locked, Purpose.CORE, given=True, by=by, method=method, now=now)
    student.collecting = True


def was_decided(*, student: Student) -> bool:
    """Whether anybody has ever said whether the diary may be kept."""
    return queries.last_word(student.pk, Purpose.CORE) is not None


def take_back_all(*, student: Student, given_by: User, by: User, now: datetime) -> None:
    """See ``collection.take_back``. The caller holds the student's row."""
    for event in queries.given_by(given_by, student.pk):
        purpose = Purpose(event.purpose)
        _say(student, purpose, given=False, by=given_by, method=Method.OBJECTION, now=now, actor=by)


def may_withdraw(student: Student, purpose: Purpose, by: User) -> bool:
    if access.is_allowed("decide_consents", by, student):
        return True
    own = [event.purpose for event in queries.given_by(by, student.pk)]
    return purpose in own and access.is_allowed("withdraw_consents", by, student)


def _say(
    student: Student,
    purpose: Purpose,
    *,
    given: bool,
    by: User,
    method: Method,
    now: datetime,
    actor: User | None = None,
) -> ConsentEvent | None:
    """Write one row, and what follows from it. Nothing, where it would say what stands there already.

    ``actor`` is who did it, if not ``by``.
    """
    last = queries.last_word(student.pk, purpose)
    today = text_of(purpose).version
    stands = last is not None and last.given
    if stands == given and (not given or last is None or last.text_version == today):
        return None
    event = ConsentEvent.objects.create(
        student_id=student.pk,
        purpose=purpose,
        given=given,
        text_version=today if given or last is None else last.text_version,
        language=get_language() or by.language,
        method=method,
        by=by,
        at=now,
    )
    if purpose == Purpose.CORE:
        Student.objects.filter(pk=student.pk).update(collecting=given)
        if not given:
            end_reader_links(student=student, by=actor or by, now=now)
    audit.record(
        action="consent.given" if given else "consent.withdrawn",
        actor=actor or by,
        target=student,
        now=now,
        student_id=student.pk,
        purpose=purpose,
        method=method,
    )
    _tell(event, student, by=by, now=now)
    return event


def _tell(event: ConsentEvent, student: Student, *, by: User, now: datetime) -> None:
    """The other guardians hear of it; whoever agreed for a child gets a way to say that it was not them."""
    if event.given and event.method != Method.SELF:
        confirmation = Confirmation(event=event, expires_at=now + LINK_LIFETIME)
        confirmation.token_hash = hash_token(confirmation.token)
        confirmation.save(force_insert=True)
        emails.ask_whether_it_was_them(confirmation=confirmation, reader=by, now=now)
    emails.tell_what_was_said(event=event, readers=queries.others_who_decide(student, by), now=now)


@transaction.atomic
def revoke_by_link(*, confirmation: Confirmation, now: datetime) -> ConsentEvent:
    """Take back exactly what the link's mail told of. Raises LinkIsOver."""
    event = confirmation.event
    student = Student.objects.select_for_update(no_key=True).filter(pk=event.student_id).first()
    confirmation.refresh_from_db(fields=["used_at"])
    if student is None or not stands(confirmation, now):
        raise LinkIsOver
    confirmation.used_at = now
    confirmation.save(update_fields=["used_at"])
    said = _say(student, Purpose(event.purpose), given=False, by=event.by, method=Method.MAIL, now=now)
    assert said is not None  # noqa: S101  (``stands`` has just seen that there is something to take back)
    return said


def stands(confirmation: Confirmation, now: datetime) -> bool:
    """Whether the link can still take something back: its own consent, while its reader is a guardian."""
    event = confirmation.event
    last = queries.last_word(event.student_id, event.purpose)
    return (
        not confirmation.is_over(now)
        and last == event
        and queries.is_still_guardian(event.by, event.student_id)
    )


@transaction.atomic
def change_country(*, student: Student, country: str, by: User, now: datetime) -> None:
    """Where the student lives. Raises NoSuchCountry, MayNotDecide; TooYoungThere where nobody would be left
    to decide: whoever moves away from their own say needs a guardian first."""
    if country and country not in CONSENT_AGES:
        raise NoSuchCountry
    locked = _deciding(student, by)
    if locked.country == country:
        return
    locked.country = country
    if locked.user_id == by.pk and not locked.is_old_enough(now.date()):
        raise TooYoungThere
    locked.save(update_fields=["country"])
    audit.record(
        action="student.moved", actor=by, target=locked, now=now, student_id=locked.pk, country=country
    )


@transaction.atomic
def mend(*, student: Student) -> None:
    """Write the column anew from the ledger, under the lock; for repairs."""
    locked = lock_student(student)
    last = queries.last_word(locked.pk, Purpose.CORE)
    Student.objects.filter(pk=locked.pk).update(collecting=last is not None and last.given)
