"""What each of accounts' own roles makes of the account that accepts it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from apps.accounts.models import Guardianship, Invitation, Student, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole

from .family import cancel_all
from .grants import grant_student
from .placeholders import move_into
from .students import add_guardian, attach_login


def become_guardian(invitation: Invitation, *, by: User, answers: Mapping[str, Any], now: datetime) -> None:
    """A guardian of the student; or the student turns out to be a child of theirs who is here already.

    Raises StudentIsAdult, StudentIsTheGuardian, NotGrownUp, FamilyIsLocked, GuardianIsSuspended,
    NotYourChild, DiaryIsInUse.
    """
    if answers.get("child"):
        invitation.student = move_into(answers["child"], placeholder=invitation.known_student, by=by, now=now)
    else:
        agreed = bool(answers.get("agreed"))
        add_guardian(student=invitation.known_student, guardian=by, agreed=agreed, now=now)
        _end_codes_of_others(invitation.known_student, now=now)


def _end_codes_of_others(student: Student, *, now: datetime) -> None:
    """From here on the family says who else joins: a code that a teacher still holds is for nobody.

    A mail that the teacher sent to the other parent goes on waiting: it is bound to its address.
    """
    family = Guardianship.objects.unended().filter(student=student).values_list("guardian", flat=True)
    joins = (InvitationRole.GUARDIAN, InvitationRole.STUDENT)
    codes = Invitation.objects.open().by_code().filter(student=student, role__in=joins)
    cancel_all(codes.exclude(invited_by__in=[*family, student.user_id]), by=None, now=now)


def become_student(invitation: Invitation, *, by: User, answers: Mapping[str, Any], now: datetime) -> None:
    """The student's own login. Raises what ``attach_login`` raises."""
    attach_login(
        student=invitation.known_student,
        user=by,
        birth_month=answers.get("birth_month"),
        agreed=bool(answers.get("agreed")),
        now=now,
    )
    _end_codes_of_others(invitation.known_student, now=now)


def become_guest(invitation: Invitation, *, by: User, answers: Mapping[str, Any], now: datetime) -> None:
    """Somebody who may look, comment or log until a date."""
    assert invitation.grant_until is not None  # noqa: S101  (a constraint holds it for every guest)
    grant_student(
        student=invitation.known_student,
        to=by,
        level=GrantLevel(invitation.grant_level),
        until=invitation.grant_until,
        by=invitation.invited_by,
        now=now,
    )
