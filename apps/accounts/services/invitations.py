"""Inviting somebody, and their answer."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.accounts import queries
from apps.accounts.emails import tell_who_joined
from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole, InvitationState
from apps.accounts.roles import role_of
from apps.core import audit, outbox
from apps.core.access import is_allowed

from .errors import (
    InvitationIsForSomebodyElse,
    InvitationIsNotPending,
    InvitationIsYourOwn,
    OfferIsOver,
    StudentHasALogin,
)
from .family import check_unlocked
from .limits import hold_codes, spend_a_mail


@transaction.atomic
def invite(
    *,
    student: Student | None,
    role: InvitationRole,
    email: str,
    by: User,
    language: str,
    now: datetime,
    grant_level: str = "",
    grant_until: datetime | None = None,
    instrument: str = "",
) -> Invitation:
    """Write the invitation and its mail. Raises StudentHasALogin for a second login, TooManyInvitations."""
    if role == InvitationRole.STUDENT and student is not None and student.has_own_voice:
        raise StudentHasALogin
    spend_a_mail(by=by, email=email, now=now)
    invitation = Invitation(
        role=role,
        student=student,
        email=email.lower(),
        language=language,
        grant_level=grant_level,
        grant_until=grant_until,
        instrument=instrument,
        invited_by=by,
        created_at=now,
    )
    send(invitation, now=now)
    audit.record(
        action="invitation.sent",
        actor=by,
        target=invitation,
        now=now,
        student_id=invitation.student_id,
        role=role,
    )
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Send it again with a new link, or make a new code, and a new date; the old ones are dead.

    From now on it is ``by`` who invites, and it ends with their say.

    Raises InvitationIsNotPending when it was answered, or when what it offers is over; OfferIsOver when
    ``by`` could not invite anew; TooManyInvitations, TooManyCodes.
    """
    invitation = _locked(invitation)
    state = invitation.state(now)
    is_over = invitation.grant_until is not None and invitation.grant_until <= now
    if state not in (InvitationState.PENDING, InvitationState.EXPIRED) or is_over:
        raise InvitationIsNotPending(state)
    if not is_allowed(role_of(invitation.role).may_offer, by, invitation.student or by):
        raise OfferIsOver
    if invitation.is_by_code:
        hold_codes(invitation, by=by, now=now)
    else:
        spend_a_mail(by=by, email=invitation.email, now=now)
    invitation.invited_by = by
    send(invitation, now=now)
    audit.record(
        action="invitation.resent", actor=by, target=invitation, now=now, student_id=invitation.student_id
    )


def send(invitation: Invitation, *, now: datetime) -> None:
    """Give it new secrets and a new date, save it and, where it has an address, post its mail."""
    days = settings.INVITATION_CODE_DAYS if invitation.is_by_code else settings.INVITATION_DAYS
    invitation.sent_at, invitation.expires_at = now, now + timedelta(days=days)
    if invitation.grant_until is not None:
        # A guest cannot join after their time is over.
        invitation.expires_at = min(invitation.expires_at, invitation.grant_until)
    _save_with_new_secrets(invitation)
    if invitation.is_by_code:
        return
    outbox.post(
        kind="accounts.invitation",
        # One invitation has one reader; their address may be too long for a key.
        key=f"accounts.invitation:{invitation.pk}:{now.isoformat()}:email",
        email=invitation.email,
        payload={"invitation": str(invitation.pk)},
        language=invitation.language,
        now=now,
        expires_at=invitation.expires_at,
    )


def _save_with_new_secrets(invitation: Invitation) -> None:
    """Two codes may be alike, one time in some hundred millions: then once more."""
    while True:
        invitation.renew()
        try:
            with transaction.atomic():
                return invitation.save()
        except IntegrityError:
            alike = Invitation.objects.exclude(pk=invitation.pk).filter(code_hash=invitation.code_hash)
            if invitation.code_hash is None or not alike.exists():
                raise


@transaction.atomic
def cancel_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Kill the link. Raises InvitationIsNotPending when it was answered."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    state = invitation.state(now)
    if state not in (InvitationState.PENDING, InvitationState.EXPIRED):
        raise InvitationIsNotPending(state)
    invitation.cancelled_at = now
    invitation.save(update_fields=["cancelled_at"])
    audit.record(
        action="invitation.cancelled", actor=by, target=invitation, now=now, student_id=invitation.student_id
    )


@transaction.atomic
def decline_invitation(*, invitation: Invitation, now: datetime) -> None:
    """ "I am not the guardian." The holder of the link may say so without an account."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if (state := invitation.state(now)) != InvitationState.PENDING:
        raise InvitationIsNotPending(state)
    invitation.declined_at = now
    invitation.save(update_fields=["declined_at"])
    audit.record(
        action="invitation.declined", actor=None, target=invitation, now=now, student_id=invitation.student_id
    )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User, now: datetime, **answers: Any) -> Invitation:
    """Give the accepting account its role. Two at the same moment: the second finds it answered.

    By mail, the account must have confirmed the invited address; by code, holding it is enough, but
    whoever made it cannot take it up. ``answers`` are what the role asks. Raises InvitationIsNotPending,
    InvitationIsForSomebodyElse, InvitationIsYourOwn, OfferIsOver, and what the role refuses. Returns it as
    accepted.
    """
    invitation = _locked(invitation)
    if (state := invitation.state(now)) != InvitationState.PENDING:
        raise InvitationIsNotPending(state)
    if invitation.is_by_code and invitation.invited_by_id == by.pk:
        raise InvitationIsYourOwn
    if not invitation.is_by_code and not queries.has_confirmed(by, invitation.email):
        raise InvitationIsForSomebodyElse
    _check_inviter(invitation)
    asked_about = invitation.student_id
    invitation.accepted_at, invitation.accepted_by = now, by
    # Before it is taken up: what waits for the same student may be ended on the way, this one may not.
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    role_of(invitation.role).take_up(invitation, by=by, answers=answers, now=now)
    invitation.save(update_fields=["student"])
    audit.record(
        action="invitation.accepted",
        actor=by,
        target=invitation,
        now=now,
        student_id=invitation.student_id,
        role=invitation.role,
    )
    moved = asked_about not in (None, invitation.student_id)
    tell_who_joined(invitation=invitation, by=by, moved=moved, now=now)
    return invitation


def _check_inviter(invitation: Invitation) -> None:
    """A code is for whoever holds it, so whoever made it must still be the one to offer it.

    A mail is bound to its address: it goes on waiting when others have joined, and ends with the account
    of whoever sent it, or where a service ends it. Raises OfferIsOver, FamilyIsLocked.
    """
    student, inviter = invitation.student, invitation.invited_by
    if inviter is None or not inviter.is_active:
        raise OfferIsOver
    may_offer = role_of(invitation.role).may_offer
    if invitation.is_by_code and not is_allowed(may_offer, inviter, student or inviter):
        if student is not None:
            # Then it keeps.
            check_unlocked(student)
        raise OfferIsOver


def _locked(invitation: Invitation) -> Invitation:
    """With its student: what two invitations make of one student must fit together.

    The student first, as everybody locks who changes a student's invitations: no two wait for each other.
    """
    known = Invitation.objects.values_list("student_id", flat=True).get(pk=invitation.pk)
    student = Student.objects.select_for_update(no_key=True).filter(pk=known).first()
    found = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    # Moved to another student meanwhile: then it was answered or ended, and is refused for that.
    if student is not None and found.student_id == student.pk:
        found.student = student
    return found
