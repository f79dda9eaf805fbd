"""Every write about people that must be whole."""

from .ages import forget_refusals, note_refusal
from .codes import find_by_code, forget_attempts, invite_by_code, make_codes, remember_opener
from .collection import CollectionIsOff, require_collection
from .errors import (
    AgeIsAnAdults,
    AgeNotAllowed,
    FamilyIsLocked,
    GuardianIsSuspended,
    InvitationIsForSomebodyElse,
    InvitationIsNotPending,
    InvitationIsYourOwn,
    LastGuardian,
    NoSuchCode,
    NotAgreed,
    ObjectionIsDecided,
    StudentHasALogin,
    StudentIsAdult,
    StudentIsTheGuardian,
    TooLateToObject,
    TooManyCodes,
    TooManyInvitations,
    TooManyTries,
)
from .family import (
    decide_objection,
    leave_family,
    lock_family,
    object_to_guardian,
    unlock_family,
    withdraw_invitations,
)
from .grants import grant_student, revoke_grant
from .invitations import accept_invitation, cancel_invitation, decline_invitation, invite, resend_invitation
from .majority import change_birth_month, come_of_age_due, is_adult
from .own import change_language, change_settings, hide_checklist
from .profiles import LimitIsNotPossible, ProfileIsNotPossible, change_limit, change_student
from .students import create_own_student, create_student

__all__ = [
    "AgeIsAnAdults",
    "AgeNotAllowed",
    "CollectionIsOff",
    "FamilyIsLocked",
    "GuardianIsSuspended",
    "InvitationIsForSomebodyElse",
    "InvitationIsNotPending",
    "InvitationIsYourOwn",
    "LastGuardian",
    "LimitIsNotPossible",
    "NoSuchCode",
    "NotAgreed",
    "ObjectionIsDecided",
    "ProfileIsNotPossible",
    "StudentHasALogin",
    "StudentIsAdult",
    "StudentIsTheGuardian",
    "TooLateToObject",
    "TooManyCodes",
    "TooManyInvitations",
    "TooManyTries",
    "accept_invitation",
    "cancel_invitation",
    "change_birth_month",
    "change_language",
    "change_limit",
    "change_settings",
    "change_student",
    "come_of_age_due",
    "create_own_student",
    "create_student",
    "decide_objection",
    "decline_invitation",
    "find_by_code",
    "forget_attempts",
    "forget_refusals",
    "grant_student",
    "hide_checklist",
    "invite",
    "invite_by_code",
    "is_adult",
    "leave_family",
    "lock_family",
    "make_codes",
    "note_refusal",
    "object_to_guardian",
    "remember_opener",
    "require_collection",
    "resend_invitation",
    "revoke_grant",
    "unlock_family",
    "withdraw_invitations",
]
