"""Every write about people that must be whole: invitations, guardianships, grants."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction

from apps.core import audit, outbox

from . import queries
from .emails import tell_who_joined
from .models import Guardianship, Invitation, Student, StudentGrant, User
from .models.grants import GrantLevel
from .models.invitations import InvitationRole, InvitationState, hash_token
from .models.students import AgeBand


class InvitationIsNotPending(Exception):
    """Already answered, cancelled or out of date."""

    def __init__(self, state: InvitationState) -> None:
        super().__init__(state)
        self.state = state


class InvitationIsForSomebodyElse(Exception):
    """The link was opened by an account with another address."""


class StudentHasALogin(Exception):
    """The student's login is taken, or this account is already another student."""


class AgeNotAllowed(Exception):
    """Under 13, or an adult's claim by somebody who has guardians."""


class StudentIsAdult(Exception):
    """An adult answers for themselves: nobody becomes their guardian."""


class StudentIsTheGuardian(Exception):
    """One account would be a student and their guardian: nobody answers for themselves as a child."""


class TooManyInvitations(Exception):
    """This sender, or this address, has had its share of invitation mails for a day."""


def create_student(*, name: str, by: User, time_zone: str, now: datetime, key: UUID | None = None) -> Student:
    """A student needs a name and nothing else; who teaches or guards them is another row.

    ``key`` is the row's key when the form made it already; IntegrityError when it is taken.
    """
    student = Student(name=name, time_zone=time_zone, created_at=now, created_by=by)
    student.pk = key or student.pk
    student.save(force_insert=True)
    audit.record(action="student.created", actor=by, target=student, now=now, student_id=student.pk)
    return student


@transaction.atomic
def create_own_student(*, user: User, name: str, age_band: str, now: datetime) -> Student:
    """Somebody of 13 or more starts a diary of their own. Raises AgeNotAllowed, StudentHasALogin."""
    if age_band not in (AgeBand.TEEN, AgeBand.ADULT):
        raise AgeNotAllowed
    try:
        with transaction.atomic():
            student = Student.objects.create(
                name=name,
                user=user,
                age_band=age_band,
                time_zone=user.time_zone,
                created_at=now,
                created_by=user,
            )
    except IntegrityError:
        raise StudentHasALogin from None
    audit.record(action="student.created", actor=user, target=student, now=now, student_id=student.pk)
    return student


def hide_checklist(*, user: User, now: datetime) -> None:
    """The first steps were put away; the first time counts."""
    User.objects.filter(pk=user.pk, checklist_hidden_at__isnull=True).update(checklist_hidden_at=now)


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
    _spend_a_mail(by=by, email=email, now=now)
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
    _send(invitation, now=now)
    audit.record(
        action="invitation.sent", actor=by, target=invitation, now=now, student_id=student.pk, role=role
    )
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Send it again with a new link and a new date; the old link is dead.

    Raises InvitationIsNotPending when it was answered, or when what it offers is over;
    TooManyInvitations.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    state = invitation.state(now)
    is_over = invitation.grant_until is not None and invitation.grant_until <= now
    if state not in (InvitationState.PENDING, InvitationState.EXPIRED) or is_over:
        raise InvitationIsNotPending(state)
    _spend_a_mail(by=by, email=invitation.email, now=now)
    _send(invitation, now=now)
    audit.record(
        action="invitation.resent", actor=by, target=invitation, now=now, student_id=invitation.student_id
    )


def _spend_a_mail(*, by: User, email: str, now: datetime) -> None:
    """Hold the two daily limits. The sender's row is the lock, so that parallel sends count each other.

    The count is of audit rows: no cache to be lost or away, so it fails closed.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    since = now - timedelta(days=1)
    if (
        queries.mails_sent_by(by, since=since) >= settings.INVITATIONS_PER_SENDER_AND_DAY
        or queries.mails_sent_to(email, since=since) >= settings.INVITATIONS_PER_ADDRESS_AND_DAY
    ):
        raise TooManyInvitations


def _send(invitation: Invitation, *, now: datetime) -> None:
    invitation.nonce = secrets.token_hex(32)
    invitation.token_hash = hash_token(invitation.token)
    invitation.sent_at = now
    invitation.expires_at = now + timedelta(days=settings.INVITATION_DAYS)
    if invitation.grant_until is not None:
        # A guest cannot join after their time is over.
        invitation.expires_at = min(invitation.expires_at, invitation.grant_until)
    invitation.save()
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

    The account must have confirmed the invited address. Raises InvitationIsNotPending,
    InvitationIsForSomebodyElse, StudentHasALogin, AgeNotAllowed, StudentIsAdult, StudentIsTheGuardian.
    """
    # The student too: what two invitations make of one student must fit together.
    locked = Invitation.objects.select_for_update(of=("self", "student"), no_key=True)
    invitation = locked.select_related("student").get(pk=invitation.pk)
    if (state := invitation.state(now)) != InvitationState.PENDING:
        raise InvitationIsNotPending(state)
    if not queries.has_confirmed(by, invitation.email):
        raise InvitationIsForSomebodyElse
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
        _attach_login(student=student, user=by, age_band=age_band)
    elif invitation.grant_until is not None:  # a constraint holds this for every invited guest
        grant_student(
            student=student,
            to=by,
            level=GrantLevel(invitation.grant_level),
            until=invitation.grant_until,
            by=invitation.invited_by,
            now=now,
        )
    invitation.accepted_at = now
    invitation.accepted_by = by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(
        action="invitation.accepted",
        actor=by,
        target=invitation,
        now=now,
        student_id=student.pk,
        role=invitation.role,
    )
    tell_who_joined(invitation=invitation, by=by, now=now)
    return invitation


def _attach_login(*, student: Student, user: User, age_band: str) -> None:
    guardians = set(Guardianship.objects.current().filter(student=student).values_list("guardian", flat=True))
    if user.pk in guardians:
        raise StudentIsTheGuardian
    if age_band not in (AgeBand.TEEN, AgeBand.ADULT) or (age_band == AgeBand.ADULT and guardians):
        raise AgeNotAllowed
    # An account that never said its zone knows less than whoever made the student.
    time_zone = student.time_zone if user.time_zone == "UTC" else user.time_zone
    try:
        with transaction.atomic():
            updated = Student.objects.filter(pk=student.pk, user__isnull=True).update(
                user=user, age_band=age_band, time_zone=time_zone
            )
    except IntegrityError:
        raise StudentHasALogin from None
    if not updated:
        raise StudentHasALogin
    student.user, student.age_band, student.time_zone = user, age_band, time_zone


@transaction.atomic
def grant_student(
    *, student: Student, to: User, level: GrantLevel, until: datetime, by: User | None, now: datetime
) -> None:
    """Let ``to`` look, comment or log until a date; replaces what they had before."""
    StudentGrant.objects.filter(content_object=student, user=to).delete()
    permissions = Permission.objects.filter(
        content_type__app_label="accounts", content_type__model="student", codename__in=level.codenames
    )
    StudentGrant.objects.bulk_create(
        StudentGrant(
            content_object=student,
            user=to,
            permission=permission,
            granted_by=by,
            granted_at=now,
            expires_at=until,
        )
        for permission in permissions
    )
    audit.record(
        action="grant.given",
        actor=by,
        target=student,
        now=now,
        student_id=student.pk,
        to=str(to.pk),
        level=level,
    )


@transaction.atomic
def revoke_grant(*, student: Student, user: User, by: User, now: datetime) -> None:
    """Take away all that ``user`` was granted on this student, at this commit. Twice changes nothing."""
    deleted, _ = StudentGrant.objects.filter(content_object=student, user=user).delete()
    if not deleted:
        return
    audit.record(
        action="grant.revoked", actor=by, target=student, now=now, student_id=student.pk, to=str(user.pk)
    )


def change_settings(
    *, user: User, display_name: str, language: str, time_zone: str, week_starts_on: int, now: datetime
) -> None:
    """A person's own settings; students keep their own zone."""
    _change_own(
        user,
        now=now,
        display_name=display_name,
        language=language,
        time_zone=time_zone,
        week_starts_on=week_starts_on,
    )


def change_language(*, user: User, language: str, now: datetime) -> None:
    _change_own(user, now=now, language=language)


@transaction.atomic
def _change_own(user: User, *, now: datetime, **values: object) -> None:
    """Save what is different. The audit row names the fields, never what they say."""
    changed = [name for name, value in values.items() if getattr(user, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(user, name, values[name])
    user.save(update_fields=changed)
    audit.record(action="settings.changed", actor=user, target=user, now=now, fields=", ".join(changed))
