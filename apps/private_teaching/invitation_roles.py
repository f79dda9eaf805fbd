"""The roles of an invitation that make lessons: a teacher's new pupil, and a family's further teacher."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts import roles
from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import ADULT_AGE
from apps.accounts.roles import Role, Route
from apps.accounts.services import (
    AgeNotAllowed,
    NotGrownUp,
    NotYourChild,
    OfferIsOver,
    StudentIsTheGuardian,
    age_of,
    create_family_child,
    create_own_student,
    is_childs_login,
    require_grown_up,
    your_child,
)
from apps.core.access import is_allowed
from apps.core.countries import country_of

from .forms import PupilAcceptForm, TeacherAcceptForm, Whose
from .services import take_up_lessons

BOTH = frozenset({Route.MAIL, Route.CODE})


def become_pupil(invitation: Invitation, *, by: User, answers: Mapping[str, Any], now: datetime) -> None:
    """Lessons begin with a diary that the person has, or starts now; or go on there, for good.

    Raises OfferIsOver, NotGrownUp, NotYourChild, AgeNotAllowed, StudentHasALogin, StudentIsAdult.
    """
    teacher = invitation.invited_by
    if teacher is None or not teacher.is_active or not is_allowed("invite_pupil", teacher, teacher):
        raise OfferIsOver
    if is_childs_login(by):
        raise NotGrownUp
    student = chosen_student(by, answers, now=now)
    invitation.student = student
    take_up_lessons(
        student=student,
        teacher=teacher,
        instrument=invitation.instrument,
        by=by,
        wanted_at=now,
        now=now,
    )


def chosen_student(by: User, answers: Mapping[str, Any], *, now: datetime) -> Student:
    """Whose diary it is: one's own, a child's, or one that begins now."""
    whose = answers["whose"]
    if whose == Whose.NEW_CHILD:
        return create_family_child(name=answers["name"], guardian=by, agreed=answers["agreed"], now=now)
    if whose == Whose.START:
        return create_own_student(
            user=by,
            name=by.get_full_name(),
            birth_month=answers["birth_month"],
            country=country_of(by.time_zone),
            agreed=answers["agreed"],
            now=now,
        )
    if whose == Whose.OWN:
        own = Student.objects.own(by).select_for_update(no_key=True).first()
        if own is None:
            raise NotYourChild
        return own
    return your_child(whose, by=by)


def become_teacher(invitation: Invitation, *, by: User, answers: Mapping[str, Any], now: datetime) -> None:
    """Lessons begin, or go on, for good or until the last day of standing in.

    Raises OfferIsOver when who invited may no longer say who teaches, or when the family has paused these
    lessons since; NotGrownUp, AgeNotAllowed,
    StudentIsTheGuardian for the student's own account.
    """
    student, family = invitation.known_student, invitation.invited_by
    if family is None or not is_allowed("invite_teacher", family, student):
        raise OfferIsOver
    if student.user_id == by.pk:
        raise StudentIsTheGuardian
    require_grown_up(by)
    if age_of(by, answers["birth_month"], day=student.today(now), now=now) < ADULT_AGE:
        raise AgeNotAllowed
    take_up_lessons(
        student=student,
        teacher=by,
        instrument=invitation.instrument,
        by=by,
        wanted_at=invitation.sent_at,
        now=now,
        until=invitation.grant_until,
    )


roles.add(
    Role(
        name=InvitationRole.PUPIL,
        may_offer="invite_pupil",
        routes=BOTH,
        asks=PupilAcceptForm,
        take_up=become_pupil,
        card=_("For a new pupil or their family"),
        refusal=_("I do not want these lessons"),
        welcome=_("Welcome! The teacher now sees what is shared in the diary of %(name)s."),
    )
)
roles.add(
    Role(
        name=InvitationRole.TEACHER,
        may_offer="invite_teacher",
        routes=BOTH,
        asks=TeacherAcceptForm,
        take_up=become_teacher,
        card=_("For a teacher"),
        refusal=_("I am not the teacher"),
        welcome=_("Welcome! You now teach %(name)s."),
    )
)
