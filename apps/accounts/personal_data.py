"""Whose data the tables of people hold: ours, and those of the libraries that sign people in."""

from collections.abc import Collection
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Case, CharField, F, Func, Model, Q, Value, When
from django.db.models.functions import Cast, Concat, Now
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermission, UserObjectPermission
from pghistory.models import Context

from apps.core import access
from apps.core.ownership import Subject, declare, deleted_with, emptied_with, forgets, kept_with

from .models import (
    CodeAttempt,
    FamilyLock,
    Guardianship,
    Invitation,
    LeavingPhoto,
    Objection,
    ReaderLink,
    Student,
    StudentGrant,
    StudentProfile,
    User,
    UserSession,
)
from .models.users import ERASED_DOMAIN
from .queries import addresses_of, sessions_of

PERSON, DIARY = Subject.PERSON, Subject.STUDENT
NAMELESS = f"somebody@{ERASED_DOMAIN}"
SECRET = "A secret that lets somebody in."  # noqa: S105  (words, no secret)
OTHERS = "Names another person."

declare(
    User,
    emptied_with(
        PERSON,
        "pk",
        because="Lessons and the staff's log point at the row; empty, it names nobody.",
        emptied={
            "email": Concat(Cast("id", CharField()), Value(f"@{ERASED_DOMAIN}")),
            "display_name": "",
            "password": "!",
            "language": "en",
            "time_zone": "UTC",
            "week_starts_on": 0,
            "is_staff": False,
            "is_superuser": False,
            "is_active": False,
            "last_login": None,
            "age_refused_at": None,
            "checklist_hidden_at": None,
            "avatar": "",
            "avatar_small": "",
        },
        is_exported=True,
    ),
    exported="id email display_name language time_zone week_starts_on is_staff is_active date_joined"
    " last_login age_refused_at checklist_hidden_at avatar avatar_small",
    stored="avatar avatar_small",
    withheld={SECRET: "password", "A rank of the staff.": "is_superuser"},
)
declare(
    LeavingPhoto,
    deleted_with(PERSON, "user"),
    stored="path",
    withheld={"Removed or replaced: nobody is shown it, and it is deleted within two days.": "*"},
)
declare(
    Student,
    deleted_with(DIARY, "pk", is_exported=True),
    emptied_with(PERSON, "user", because="The diary is the family's.", emptied={"user": None}),
    emptied_with(PERSON, "created_by", because="The diary is the family's.", emptied={"created_by": None}),
    exported="id name user age_band birth_month country collecting time_zone day_ends_at_hour max_minutes"
    " picture majority_told_at came_of_age_at created_at",
    withheld={OTHERS: "created_by"},
)
declare(
    StudentProfile,
    deleted_with(DIARY, "student", is_exported=True),
    exported="student instruments level goal",
)
declare(
    Guardianship,
    deleted_with(DIARY, "student", is_exported=True, visible=lambda user: Q(ended_at__isnull=True)),
    deleted_with(PERSON, "guardian", is_exported=True),
    exported="id student guardian started_at ended_at suspended_at",
)
STAFFS = "What the staff are told or decide about a family; to tell one side would expose the other."
declare(
    Objection,
    deleted_with(DIARY, "guardianship__student"),
    deleted_with(PERSON, "guardianship__guardian"),
    emptied_with(
        PERSON,
        "raised_by",
        because="The staff still have to decide about the newcomer.",
        emptied={"raised_by": None, "reason": ""},
    ),
    withheld={STAFFS: "*"},
    before=["accounts.guardianship"],
)
declare(
    FamilyLock,
    deleted_with(DIARY, "student"),
    emptied_with(PERSON, "locked_by", because="The family stays held still.", emptied={"locked_by": None}),
    withheld={STAFFS: "*"},
)
declare(
    StudentGrant,
    deleted_with(DIARY, "content_object", is_exported=True),
    deleted_with(PERSON, "user", is_exported=True),
    emptied_with(
        PERSON, "granted_by", because="The guest was let in by the family.", emptied={"granted_by": None}
    ),
    exported="id content_object user granted_at expires_at",
    derived={"may": "permission__codename"},
    withheld={OTHERS: "granted_by", "A number of this installation; its name is there.": "permission"},
)
declare(
    Invitation,
    deleted_with(
        DIARY,
        "student",
        is_exported=True,
        visible=lambda user: access.condition(Invitation, "view", user) or Q(pk__in=[]),
    ),
    # To a pupil who is nobody's yet: with the teacher goes the address of whom they asked. This comes
    # first, for it is found by the teacher.
    deleted_with(PERSON, rows=lambda person: Q(invited_by=person, student__isnull=True)),
    emptied_with(
        PERSON,
        rows=lambda person: Q(accepted_by=person) | Q(email__in=addresses_of(person)),
        because="Who was let in, and when, is the family's history.",
        emptied={
            "accepted_by": None,
            # Whoever took up a code had no address to be asked at.
            "email": Case(When(email="", then=Value("")), default=Value(NAMELESS)),
            # There is nobody any more to send it to again.
            "cancelled_at": Case(
                When(accepted_at=None, declined_at=None, cancelled_at=None, then=Now()),
                default=F("cancelled_at"),
            ),
        },
    ),
    emptied_with(
        PERSON,
        "invited_by",
        because="Who was let in, and when, is the family's history.",
        emptied={"invited_by": None},
    ),
    emptied_with(
        PERSON,
        "opened_by",
        because="Who was let in, and when, is the family's history.",
        emptied={"opened_by": None},
    ),
    exported="id role student instrument email language grant_level grant_until created_at sent_at expires_at"
    " accepted_at declined_at cancelled_at",
    withheld={SECRET: "nonce token_hash code_hash", OTHERS: "invited_by accepted_by opened_by"},
    before=["account.emailaddress"],
)
declare(
    ReaderLink,
    deleted_with(
        DIARY,
        "student",
        is_exported=True,
        visible=lambda user: access.condition(ReaderLink, "view", user) or Q(pk__in=[]),
    ),
    # Whoever is erased reads nothing by a link to their address any more.
    deleted_with(PERSON, rows=lambda person: Q(email__in=addresses_of(person))),
    emptied_with(
        PERSON,
        "made_by",
        because="Who could read along is the family's history; without its maker it opens nothing.",
        emptied={"made_by": None},
    ),
    exported="id student name email language made_at expires_at opened_at openings ended_at",
    withheld={SECRET: "nonce token_hash", OTHERS: "made_by"},
    before=["account.emailaddress"],
)
declare(CodeAttempt, nobodys="Counts of wrong codes under a keyed hash, gone after a day.")

# What signs people in

declare(
    EmailAddress,
    deleted_with(PERSON, "user", is_exported=True),
    exported="id user email verified primary",
)
declare(
    EmailConfirmation,
    deleted_with(PERSON, "email_address__user"),
    withheld={SECRET: "*"},
)
declare(
    Authenticator,
    deleted_with(PERSON, "user", is_exported=True),
    exported="id user type created_at last_used_at",
    withheld={SECRET: "data"},
)
declare(
    SocialAccount,
    deleted_with(PERSON, "user", is_exported=True),
    exported="id user provider uid date_joined last_login",
    withheld={"Always empty: what another place says about a person is not kept.": "extra_data"},
    title=_("connected accounts"),
)
# allauth brings both along. Keys to people's things elsewhere are not kept; places come from the environment.
declare(SocialToken, deleted_with(PERSON, "account__user"), withheld={SECRET: "*"})
declare(SocialApp, nobodys="Always empty: places to sign in with are named by the environment.")
declare(
    UserSession,
    deleted_with(PERSON, "user", is_exported=True),
    # Whosever it is: the session of somebody else may know this person too, and takes its row along.
    deleted_with(PERSON, rows=lambda person: Q(session__in=sessions_of(person))),
    exported="id user browser signed_in_at seen_at",
    withheld={SECRET: "session"},
    before=["account.emailaddress"],
)
declare(
    Session,
    deleted_with(PERSON, rows=lambda person: Q(pk__in=sessions_of(person))),
    withheld={SECRET: "*"},
    before=["account.emailaddress"],
)

# Who may do what in the office

declare(
    LogEntry,
    kept_with(
        PERSON,
        "user",
        because="What the staff did is kept by ids; names of whoever was erased are taken out.",
    ),
    withheld={"What the staff did is told by the office, for it names others.": "*"},
)
for _rights in (User.groups.through, User.user_permissions.through, UserObjectPermission):
    declare(
        _rights,
        deleted_with(PERSON, "user"),
        withheld={"A rank of the staff; the office tells it.": "*"},
    )
declare(GroupObjectPermission, nobodys="Rights of groups; no person is named.")

declare(
    Context,
    emptied_with(
        PERSON,
        rows=lambda person: Q(metadata__user=str(person)),
        because="Several revisions share the row; it loses who wrote them.",
        emptied={
            "metadata": Func(
                F("metadata"), Value("user"), template="(%(expressions)s)", arg_joiner=" - ", arity=2
            )
        },
    ),
    withheld={"Stands with each revision that it belongs to.": "*"},
)


@forgets
def forget_staff_log(model: type[Model], keys: Collection[Any], *, gone: bool) -> None:
    """The staff's log repeats the name of what was looked after."""
    # By name: a table that the admin does not know has no content type, and forgetting shall not give it one.
    about = LogEntry.objects.filter(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        object_id__in=[str(key) for key in keys],
    )
    about.exclude(object_repr="").update(object_repr="", change_message="")
