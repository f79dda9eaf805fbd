"""Mails about people, rendered when they are sent.

A subject stands on lock screens: it never carries the surname of a child or of a child's family.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core import outbox
from apps.core.access import allowed
from apps.core.days import calendar_day
from apps.core.mailing import absolute_url, render_email

from .models import Guardianship, Invitation, Student, User
from .models.invitations import InvitationRole, InvitationState

# News of last week's newcomer is no news.
JOINED_LIFETIME = timedelta(days=3)


@outbox.kind("accounts.message")
def account_message(payload: outbox.Payload, now: datetime) -> outbox.Email:
    """What allauth said, rendered when it was said: its links are secrets that only that moment has."""
    return outbox.Email(subject=str(payload["subject"]), text=str(payload["text"]), html=str(payload["html"]))


@outbox.kind("accounts.invitation")
def invitation_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """The link to answer with; none when the invitation was answered or cancelled meanwhile."""
    invitation = (
        Invitation.objects.select_related("student", "invited_by")
        .filter(pk=UUID(str(payload["invitation"])))
        .first()
    )
    if invitation is None or invitation.state(now) != InvitationState.PENDING:
        return None
    return render_email(
        "invitation",
        {
            "inviter": _name(invitation.invited_by, unknown=_("Somebody")),
            "subject_inviter": _subject_name(invitation.invited_by, invitation.student),
            "student": invitation.student.name if invitation.student else "",
            "instrument": invitation.instrument,
            "role": invitation.role,
            "url": absolute_url("accounts:invitation-show", invitation.token),
            "expires_on": calendar_day(invitation.whole_until, _zone(invitation)),
        },
    )


def _zone(invitation: Invitation) -> str:
    """Of whoever it is about: the reader's own is not known yet."""
    known = invitation.student or invitation.invited_by
    return known.time_zone if known else "UTC"


@outbox.kind("accounts.somebody-joined")
def joined_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """Tells the family, and the teacher who invited, that somebody joined; while they still may know."""
    invitation = (
        Invitation.objects.select_related("student", "invited_by", "accepted_by")
        .filter(pk=UUID(str(payload["invitation"])))
        .first()
    )
    newcomer = invitation.accepted_by if invitation else None
    reader = User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()
    if (
        invitation is None
        or invitation.student is None
        or newcomer is None
        or reader is None
        or not reader.has_perm("accounts.view_student", invitation.student)
    ):
        return None
    return render_email(
        "joined",
        {
            "newcomer": newcomer.get_full_name(),
            "newcomer_first_name": newcomer.get_short_name(),
            "student_first_name": invitation.student.get_short_name(),
            "inviter": _name(invitation.invited_by, unknown=_("somebody")),
            "student": invitation.student.name,
            "role": "moved" if payload.get("moved") else invitation.role,
            "instrument": invitation.instrument,
            "until": invitation.guest_day,
            "days": settings.OBJECTION_DAYS if _may_object(reader, invitation) else 0,
            "url": absolute_url("private_teaching:student-people", invitation.student_id),
        },
    )


def tell_who_joined(*, invitation: Invitation, by: User, moved: bool, now: datetime) -> None:
    """Put the news for the guardians, the student's login and the inviter into the outbox.

    ``moved``: the student of the invitation turned out to be one who was here already.
    """
    student = invitation.known_student
    guardians = Guardianship.objects.current().filter(student=student).values_list("guardian_id")
    keys = {pk for (pk,) in guardians} | {student.user_id, invitation.invited_by_id}
    readers = [pk for pk in keys if pk is not None and pk != by.pk]
    for reader in User.objects.filter(pk__in=readers, is_active=True):
        outbox.post(
            kind="accounts.somebody-joined",
            key=f"accounts.somebody-joined:{invitation.pk}:email:{reader.pk}",
            email=reader.email,
            payload={"invitation": str(invitation.pk), "reader": str(reader.pk), "moved": moved},
            recipient=reader,
            language=reader.language,
            now=now,
            expires_at=now + JOINED_LIFETIME,
        )


def _may_object(reader: User, invitation: Invitation) -> bool:
    """Whether the reader can say of the new guardian that they should be none."""
    rows = Guardianship.objects.filter(student=invitation.student_id, guardian=invitation.accepted_by_id)
    is_joining = invitation.role == InvitationRole.GUARDIAN
    return is_joining and allowed(rows, "object", reader).exists()


def _name(user: User | None, *, unknown: str) -> str:
    return user.get_full_name() if user else unknown


def _subject_name(user: User | None, student: Student | None) -> str:
    """Who invites, as a subject says it: a teacher in full, somebody of the family by the first name."""
    if user and student and Student.objects.family_of(user).filter(pk=student.pk).exists():
        return user.get_short_name()
    return _name(user, unknown=_("Somebody"))
