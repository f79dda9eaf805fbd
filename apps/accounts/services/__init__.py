"""Every write about people that must be whole."""

from .codes import find_by_code, forget_attempts, invite_by_code, make_codes, remember_opener
from .errors import (
    AgeNotAllowed,
    DiaryIsInUse,
    InvitationIsForSomebodyElse,
    InvitationIsNotPending,
    InvitationIsYourOwn,
    NoSuchCode,
    NotGrownUp,
    NotYourChild,
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
from .placeholders import moves, your_child
from .profiles import LimitIsNotPossible, ProfileIsNotPossible, change_limit, change_student
from .students import (
    add_guardian,
    create_family_child,
    create_own_student,
    create_student,
    is_childs_login,
    require_grown_up,
)

__all__ = [
    "AgeNotAllowed",
    "DiaryIsInUse",
    "InvitationIsForSomebodyElse",
    "InvitationIsNotPending",
    "InvitationIsYourOwn",
    "LimitIsNotPossible",
    "NoSuchCode",
    "NotGrownUp",
    "NotYourChild",
    "OfferIsOver",
    "ProfileIsNotPossible",
    "StudentHasALogin",
    "StudentIsAdult",
    "StudentIsTheGuardian",
    "TooManyCodes",
    "TooManyInvitations",
    "TooManyTries",
    "accept_invitation",
    "add_guardian",
    "cancel_invitation",
    "change_language",
    "change_limit",
    "change_settings",
    "change_student",
    "create_family_child",
    "create_own_student",
    "create_student",
    "decline_invitation",
    "find_by_code",
    "forget_attempts",
    "grant_student",
    "hide_checklist",
    "invite",
    "invite_by_code",
    "is_childs_login",
    "make_codes",
    "moves",
    "remember_opener",
    "require_grown_up",
    "resend_invitation",
    "revoke_grant",
    "your_child",
]
