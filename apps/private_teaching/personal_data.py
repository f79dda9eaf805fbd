"""Whose data lessons and requests for them are: the student's and the teacher's. A page is its teacher's."""

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Now

from apps.accounts.models import User
from apps.core import access
from apps.core.ownership import Subject, declare, deleted_with, emptied_with

from .models import Application, ApplicationMessage, PublishedPage, TeacherProfile, Teaching
from .models.applications import OPEN_STATES, ApplicationState

declare(
    Teaching,
    deleted_with(Subject.STUDENT, "student", is_exported=True),
    emptied_with(
        Subject.PERSON,
        "teacher",
        because="Entries were written for these lessons, and threads held with them. The teacher's own row is"
        " emptied, so nobody is named.",
        emptied={"ended_at": Coalesce("ended_at", Now())},
        is_exported=True,
    ),
    emptied_with(
        Subject.PERSON,
        "paused_by",
        because="The pause lasts until somebody resumes.",
        emptied={"paused_by": None},
    ),
    exported="id teacher student instrument started_at ended_at paused_at pause_reason cover_until"
    " sign_off_since sign_off_until",
    withheld={"Names another person.": "paused_by"},
)

PERSON, DIARY = Subject.PERSON, Subject.STUDENT
SAID = "What was said about somebody else's lessons stays with the diary, without a name."

declare(
    TeacherProfile,
    deleted_with(PERSON, "teacher", is_exported=True),
    emptied_with(
        PERSON,
        "decided_by",
        because="What was decided holds, whoever of the staff has left since.",
        emptied={"decided_by": None},
    ),
    exported="id teacher display_name bio instruments languages places is_taking state reason changed_at"
    " submitted_at decided_at",
    withheld={"Names another person.": "decided_by"},
)
declare(
    PublishedPage,
    deleted_with(PERSON, "profile__teacher", is_exported=True),
    exported="id profile display_name bio instruments languages approved_at",
)


def seen(user: User) -> Q:
    """The requests that the reader of a copy may see."""
    return Q(pk__in=access.allowed(Application.objects.all(), "view", user).values("pk"))


def ended_if_open() -> Case:
    open_ones = When(state__in=OPEN_STATES, then=Value(ApplicationState.EXPIRED.value))
    return Case(open_ones, default=F("state"))


declare(
    Application,
    deleted_with(DIARY, "student", is_exported=True, visible=seen),
    emptied_with(
        PERSON,
        "teacher",
        because="Whom the family asked, and what came of it, is theirs to know. The teacher's own row is"
        " emptied, so nobody is named.",
        emptied={"state": ended_if_open(), "ended_at": Coalesce("ended_at", Now())},
        is_exported=True,
        visible=seen,
    ),
    emptied_with(PERSON, "applied_by", because=SAID, emptied={"applied_by": None}),
    emptied_with(PERSON, "agreed_by", because=SAID, emptied={"agreed_by": None}),
    exported="id student teacher instrument state applied_at expires_at agreed_at waitlisted_at ended_at"
    " teaching",
    withheld={"Names another person.": "applied_by agreed_by"},
    strangers=True,
)
declare(
    ApplicationMessage,
    deleted_with(
        DIARY,
        "application__student",
        is_exported=True,
        visible=lambda user: Q(
            application__in=access.allowed(Application.objects.all(), "view", user).values("pk")
        ),
    ),
    emptied_with(PERSON, "author", because=SAID, emptied={"author": None}, is_exported=True),
    exported="id application author author_role body created_at deleted_at",
    trash="deleted_at",
    strangers=True,
)
