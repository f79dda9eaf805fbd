"""Invitations that go from hand to hand, and the guard of codes that are short enough to type."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils.crypto import salted_hmac

from apps.accounts.codes import hash_code, network_of
from apps.accounts.models import CodeAttempt, Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.core import audit

from .errors import NoSuchCode, StudentHasALogin, TooManyCodes, TooManyTries
from .invitations import send
from .limits import hold_codes


@transaction.atomic
def invite_by_code(*, student: Student, role: InvitationRole, by: User, now: datetime) -> Invitation:
    """Make an invitation without an address. Raises StudentHasALogin, TooManyCodes."""
    invitation = Invitation(role=role, student=student, language=by.language, invited_by=by, created_at=now)
    hold_codes(invitation, now=now)
    send(invitation, now=now)
    audit.record(
        action="invitation.code-made", actor=by, target=invitation, now=now, student_id=student.pk, role=role
    )
    return invitation


def make_codes(*, students: Iterable[Student], role: InvitationRole, by: User, now: datetime) -> int:
    """One code for each who can have one more; returns how many were made. Each is saved by itself."""
    made = 0
    for student in students:
        with suppress(TooManyCodes, StudentHasALogin):
            invite_by_code(student=student, role=role, by=by, now=now)
            made += 1
    return made


def find_by_code(*, code: str, source: str, by: User | None, now: datetime) -> Invitation:
    """The live invitation of a code that was typed at ``source``, a network address.

    Raises TooManyTries, also for a right code: else guessing would only have to go on. Raises
    NoSuchCode for what never was, is over, or was answered; the three are told apart only by whoever
    has the long link. Not in the caller's transaction: a try that fails must still count.
    """
    here = salted_hmac("accounts.code-source", network_of(source), algorithm="sha256").hexdigest()
    if _are_used_up(here, tries=1, now=now):
        raise TooManyTries
    # Written before it is looked up, so that tries at the same moment count each other.
    attempt = CodeAttempt.objects.create(at=now, source=here)
    if _are_used_up(here, tries=0, now=now):
        # Not looked up, so not counted: who goes on and on must not use up everybody's share.
        attempt.delete()
        raise TooManyTries
    found = Invitation.objects.pending(now).by_code().filter(code_hash=hash_code(code)).first()
    if found is None:
        raise NoSuchCode
    attempt.delete()
    if by is not None:
        remember_opener(token_hash=found.token_hash, user=by)
    return found


def _are_used_up(source: str, *, tries: int, now: datetime) -> bool:
    """Whether so many ``tries`` more are more than an hour allows, here or everywhere together."""
    counts = CodeAttempt.objects.filter(at__gt=now - timedelta(hours=1)).aggregate(
        here=Count("pk", filter=Q(source=source)), everywhere=Count("pk")
    )
    return bool(
        counts["here"] + tries > settings.CODE_TRIES_PER_SOURCE_AND_HOUR
        or counts["everywhere"] + tries > settings.CODE_TRIES_PER_HOUR
    )


def remember_opener(*, token_hash: str, user: User) -> None:
    """Keep which account began to answer, so that the way back is on its first page on any device."""
    Invitation.objects.by_code().filter(token_hash=token_hash).update(opened_by=user)


def forget_attempts(*, now: datetime) -> None:
    """Drop what no limit counts any more."""
    CodeAttempt.objects.filter(at__lt=now - timedelta(days=1)).delete()
