"""Every write about people that must be whole."""

from .codes import find_by_code, forget_attempts, invite_by_code, make_codes, remember_opener
from .errors import (
    AgeNotAllowed,
    InvitationIsForSomebodyElse,
    InvitationIsNotPending,
    InvitationIsYourOwn,
    NoSuchCode,
    OfferIsOver,
    StudentHasALogin,
    StudentIsAdult,
    StudentIsTheGuardian,
    TooManyCodes,
    TooManyInvitations,
    TooManyTries,
)
from .grants import grant_student, revoke_grant
from .invitations import accept_invitation, cancel_invitation, decline_invitation, invite, resend_invitation
from .own import change_language, change_settings, hide_checklist
from .profiles import LimitIsNotPossible, ProfileIsNotPossible, change_limit, change_student
from .students import create_own_student, create_student

__all__ = [
    "AgeNotAllowed",
    "InvitationIsForSomebodyElse",
    "InvitationIsNotPending",
    "InvitationIsYourOwn",
    "LimitIsNotPossible",
    "NoSuchCode",
    "OfferIsOver",
    "ProfileIsNotPossible",
    "StudentHasALogin",
    "StudentIsAdult",
    "StudentIsTheGuardian",
    "TooManyCodes",
    "TooManyInvitations",
    "TooManyTries",
    "accept_invitation",
    "cancel_invitation",
    "change_language",
    "change_limit",
    "change_settings",
    "change_student",
    "create_own_student",
    "create_student",
    "decline_invitation",
    "find_by_code",
    "forget_attempts",
    "grant_student",
    "hide_checklist",
    "invite",
    "invite_by_code",
    "make_codes",
    "remember_opener",
    "resend_invitation",
    "revoke_grant",
]
