"""Inviting somebody, and their answer."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.accounts import queries
from apps.accounts.emails import tell_who_joined
from apps.accounts.models import Guardianship, Invitation, Student, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole, InvitationState
from apps.accounts.models.students import AgeBand
from apps.core import audit, outbox
from apps.core.access import is_allowed

from .errors import (
    InvitationIsForSomebodyElse,
    InvitationIsNotPending,
    InvitationIsYourOwn,
    OfferIsOver,
    StudentHasALogin,
    StudentIsAdult,
    StudentIsTheGuardian,
)
from .grants import grant_student
from .limits import hold_codes, spend_a_mail
from .students import attach_login


@transaction.atomic
def invite(
    *,
    student: Student,
    role: InvitationRole,
    email: str,
    by: User,
    language: str,
    now: datetime,
    grant_level: str = "",
    grant_until: datetime | None = None,
) -> Invitation:
    """Write the invitation and its mail. Raises StudentHasALogin for a second login, TooManyInvitations."""
    if role == InvitationRole.STUDENT and student.user_id is not None:
        raise StudentHasALogin
    spend_a_mail(by=by, email=email, now=now)
    invitation = Invitation(
        role=role,
        student=student,
        email=email.lower(),
        language=language,
        grant_level=grant_level,
        grant_until=grant_until,
        invited_by=by,
        created_at=now,
    )
    send(invitation, now=now)
    audit.record(
        action="invitation.sent", actor=by, target=invitation, now=now, student_id=student.pk, role=role
    )
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Send it again with a new link, or make a new code, and a new date; the old ones are dead.

    Raises InvitationIsNotPending when it was answered, or when what it offers is over; OfferIsOver when
    ``by`` could not invite anew; TooManyInvitations, TooManyCodes.
    """
    invitation = _locked(invitation)
    state = invitation.state(now)
    is_over = invitation.grant_until is not None and invitation.grant_until <= now
    if state not in (InvitationState.PENDING, InvitationState.EXPIRED) or is_over:
        raise InvitationIsNotPending(state)
    action = "manage_grants" if invitation.role == InvitationRole.GRANTEE else f"invite_{invitation.role}"
    if not is_allowed(action, by, invitation.student):
        raise OfferIsOver
    if invitation.is_by_code:
        hold_codes(invitation, now=now)
    else:
        spend_a_mail(by=by, email=invitation.email, now=now)
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
def accept_invitation(
    *, invitation: Invitation, by: User, now: datetime, age_band: str = AgeBand.UNKNOWN
) -> Invitation:
    """Give the accepting account its role. Two at the same moment: the second finds it answered.

    By mail, the account must have confirmed the invited address; by code, holding it is enough, but
    whoever made it cannot take it up. Raises InvitationIsNotPending, InvitationIsForSomebodyElse,
    InvitationIsYourOwn, OfferIsOver, StudentHasALogin, AgeNotAllowed, StudentIsAdult, StudentIsTheGuardian.
    """
    invitation = _locked(invitation)
    if (state := invitation.state(now)) != InvitationState.PENDING:
        raise InvitationIsNotPending(state)
    if invitation.is_by_code and invitation.invited_by_id == by.pk:
        raise InvitationIsYourOwn
    if not invitation.is_by_code and not queries.has_confirmed(by, invitation.email):
        raise InvitationIsForSomebodyElse
    _check_inviter(invitation)
    _take_up(invitation, by=by, age_band=age_band, now=now)
    invitation.accepted_at = now
    invitation.accepted_by = by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(
        action="invitation.accepted",
        actor=by,
        target=invitation,
        now=now,
        student_id=invitation.student_id,
        role=invitation.role,
    )
    if invitation.role == InvitationRole.GUARDIAN:
        _end_codes_of_others(invitation.student, now=now)
    tell_who_joined(invitation=invitation, by=by, now=now)
    return invitation


def _locked(invitation: Invitation) -> Invitation:
    """With its student: what two invitations make of one student must fit together."""
    locked = Invitation.objects.select_for_update(of=("self", "student"), no_key=True)
    return locked.select_related("student").get(pk=invitation.pk)


def _check_inviter(invitation: Invitation) -> None:
    """A code is for whoever holds it, so whoever made it must still belong to the student.

    A mail is bound to its address. Raises OfferIsOver.
    """
    inviter = invitation.invited_by
    if invitation.is_by_code and (inviter is None or not is_allowed("view", inviter, invitation.student)):
        raise OfferIsOver


def _end_codes_of_others(student: Student, *, now: datetime) -> None:
    """From the first guardian on the family says who else joins: a code that a teacher holds is for nobody.

    A mail that the teacher sent to the other parent goes on waiting: it is bound to its address.
    """
    family = Guardianship.objects.current().filter(student=student).values_list("guardian", flat=True)
    codes = Invitation.objects.pending(now).by_code().filter(student=student, role=InvitationRole.GUARDIAN)
    for code in codes.exclude(invited_by__in=[*family, student.user_id]):
        code.cancelled_at = now
        code.save(update_fields=["cancelled_at"])
        audit.record(action="invitation.cancelled", actor=None, target=code, now=now, student_id=student.pk)


def _take_up(invitation: Invitation, *, by: User, age_band: str, now: datetime) -> None:
    """What each role means."""
    student = invitation.student
    if invitation.role == InvitationRole.GUARDIAN:
        if student.age_band == AgeBand.ADULT:
            raise StudentIsAdult
        if student.user_id == by.pk:
            raise StudentIsTheGuardian
        Guardianship.objects.get_or_create(
            student=student, guardian=by, ended_at=None, defaults={"started_at": now}
        )
    elif invitation.role == InvitationRole.STUDENT:
        attach_login(student=student, user=by, age_band=age_band)
    elif invitation.grant_until is not None:  # a constraint holds this for every invited guest
        grant_student(
            student=student,
            to=by,
            level=GrantLevel(invitation.grant_level),
            until=invitation.grant_until,
            by=invitation.invited_by,
            now=now,
        )
