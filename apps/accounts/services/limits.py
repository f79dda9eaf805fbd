"""How many invitations a person may send, and how many codes may wait."""

from datetime import datetime, timedelta

from django.conf import settings

from apps.accounts import queries
from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole

from .errors import StudentHasALogin, TooManyCodes, TooManyInvitations


def spend_a_mail(*, by: User, email: str, now: datetime) -> None:
    """Hold the two daily limits. The sender's row is the lock, so that parallel sends count each other.

    The count is of audit rows: no cache to be lost or away, so it fails closed. Raises TooManyInvitations.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    since = now - timedelta(days=1)
    if (
        queries.mails_sent_by(by, since=since) >= settings.INVITATIONS_PER_SENDER_AND_DAY
        or queries.mails_sent_to(email, since=since) >= settings.INVITATIONS_PER_ADDRESS_AND_DAY
    ):
        raise TooManyInvitations


def hold_codes(invitation: Invitation, *, now: datetime) -> None:
    """So many codes for one student; one that is made anew does not count itself.

    The row's lock, so that two who press at once count each other. Raises TooManyCodes, StudentHasALogin.
    """
    student = Student.objects.select_for_update(no_key=True).get(pk=invitation.student_id)
    if invitation.role == InvitationRole.STUDENT and student.user_id is not None:
        raise StudentHasALogin
    waiting = Invitation.objects.pending(now).by_code().exclude(pk=invitation.pk).filter(student=student)
    if waiting.count() >= settings.INVITATION_CODES_PER_STUDENT:
        raise TooManyCodes(settings.INVITATION_CODES_PER_STUDENT)
