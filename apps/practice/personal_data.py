"""Whose data the diary is: the student's. What others wrote into it stays there without their names."""

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core import access
from apps.core.ownership import Subject, Tie, declare, deleted_with, emptied_with

from .models import (
    CommentThanks,
    EntryComment,
    EntryWords,
    FocusArea,
    NewMark,
    PracticeDay,
    PracticeEntry,
    PracticeItem,
    SavedFilter,
    TalkSeen,
    ThingDay,
    WeekSignOff,
)
from .models.entries import EntryFocusArea

PERSON, DIARY = Subject.PERSON, Subject.STUDENT
SAID = "What was said in somebody else's diary stays there, without a name."
TRACE = {"A number of this installation, or the entry's own.": "pgh_context"}


def revisions(model: Any) -> type[Model]:
    """The table in which a trigger keeps the versions of this model's rows."""
    events: type[Model] = model.pgh_event_models["insert"]
    return events


def deleted_ones(user: User) -> QuerySet[PracticeEntry, Any]:
    """The deleted entries of this person's family, until they are purged."""
    gone = PracticeEntry.objects.filter(deleted_at__isnull=False, student__in=family_ids(user))
    return gone.values("pk")


def of_diary(path: str, *, entry: str, action: str = "view") -> Tie:
    """Rows that go with the diary; an export holds those whose ``entry`` its reader may see.

    The family finds what was deleted there as long as it is kept, although no page shows it any more.
    """

    def visible(user: User) -> Q:
        entries = access.allowed(PracticeEntry.objects.all(), action, user).values("pk")
        return Q(**{f"{entry}__in": entries}) | Q(**{f"{entry}__in": deleted_ones(user)})

    return deleted_with(DIARY, path, is_exported=True, visible=visible)


declare(
    PracticeEntry,
    of_diary("student", entry="pk"),
    emptied_with(PERSON, "logged_by", because=SAID, emptied={"logged_by": None}),
    exported="id student logged_by practised_on started_at_time time_zone minutes description struggles"
    " achievements notes preparing_for_exam preparing_for_performance instrument occasion enjoyment"
    " mood quality difficulty confidence is_private addressed_to created_at changed_at deleted_at",
    trash="deleted_at",
)
declare(
    WeekSignOff,
    deleted_with(
        DIARY,
        "student",
        is_exported=True,
        visible=lambda user: Q(pk__in=access.allowed(WeekSignOff.objects.all(), "view", user).values("pk")),
    ),
    emptied_with(PERSON, "signed_by", because=SAID, emptied={"signed_by": None}, is_exported=True),
    exported="id student teaching week_on minutes sessions note signed_by signed_at",
    withheld={"Stands for the entries, which are there.": "version"},
)
declare(
    PracticeItem,
    of_diary("entry__student", entry="entry"),
    exported="id entry position kind title minutes share_minutes tempo repetitions piece section skill",
)
declare(
    FocusArea,
    # Everybody's have no student, and belong to nobody.
    deleted_with(DIARY, "student", is_exported=True, visible=lambda user: Q(student__in=family_ids(user))),
    exported="student slug name is_archived",
    withheld={
        "A number of this installation.": "id",
        "Behind everybody's.": "position",
        "The name without case, accents and signs, to compare.": "name_key",
    },
)
declare(
    PracticeEntry.focus_areas.through,
    of_diary("practiceentry__student", entry="practiceentry"),
    title=_("What the entries were about"),
    exported="practiceentry",
    derived={"focus_area": "focusarea__slug"},
    withheld={"A number of this installation.": "id focusarea"},
)


def said_to(user: User) -> Q:
    """The talk as its pages show it, with what was under deleted entries; of what was taken back, what this
    reader may still read (ADR 0037)."""
    every = EntryComment.objects.all()
    stands = Q(pk__in=access.allowed(every, "view", user).values("pk"))
    before = Q(pk__in=access.allowed(every, "view_versions", user).values("pk"))
    return stands | before | Q(deleted_at__isnull=True, entry__in=deleted_ones(user))


declare(
    EntryComment,
    deleted_with(
        DIARY,
        "entry__student",
        is_exported=True,
        visible=said_to,
    ),
    emptied_with(
        PERSON,
        "author",
        because=SAID,
        emptied={"author": None},
        is_exported=True,
    ),
    exported="id entry thread author author_role kind body created_at changed_at deleted_at",
    withheld={"The words of a line, which are the student's; they are among the lines.": "about"},
    trash="deleted_at",
)
declare(
    CommentThanks,
    deleted_with(PERSON, "user", is_exported=True),
    deleted_with(DIARY, "comment__entry__student"),
    exported="id comment user created_at",
)
declare(
    TalkSeen,
    deleted_with(PERSON, "user"),
    deleted_with(DIARY, "entry__student"),
    withheld={"Only says what somebody has read already.": "*"},
)
declare(
    PracticeDay,
    deleted_with(DIARY, "student"),
    withheld={"Counted from the entries, which are there.": "*"},
)
declare(
    ThingDay,
    deleted_with(DIARY, "student"),
    withheld={"Counted from the entries and their lines, which are there.": "*"},
)
declare(
    EntryWords,
    deleted_with(DIARY, "entry__student"),
    withheld={"The words of the entries, which are there.": "*"},
)
declare(
    SavedFilter,
    deleted_with(PERSON, "user", is_exported=True),
    deleted_with(DIARY, "student"),
    exported="id user student name query created_at",
)
declare(
    NewMark,
    deleted_with(DIARY, "entry__student"),
    withheld={"Only says what a teacher has not opened yet.": "*"},
)

# Every version of an entry is the family's to see; they may hold what was private once.

declare(
    revisions(PracticeEntry),
    of_diary("student", entry="pgh_obj", action="view_revisions"),
    emptied_with(PERSON, "logged_by", because=SAID, emptied={"logged_by": None}),
    title=_("Versions of the entries"),
    exported="pgh_id pgh_created_at pgh_label pgh_obj id student logged_by practised_on started_at_time"
    " time_zone minutes description struggles achievements notes preparing_for_exam"
    " preparing_for_performance instrument occasion enjoyment mood quality difficulty confidence is_private"
    " addressed_to created_at changed_at deleted_at",
    derived={"changed_by": "pgh_context__metadata__user"},
    people="changed_by",
    withheld=TRACE,
)
declare(
    revisions(PracticeItem),
    of_diary("entry__student", entry="entry", action="view_revisions"),
    title=_("Versions of the lines"),
    exported="pgh_id pgh_created_at pgh_label pgh_obj id entry position kind title minutes tempo repetitions",
    withheld=TRACE,
)
declare(
    revisions(EntryFocusArea),
    of_diary("practiceentry__student", entry="practiceentry", action="view_revisions"),
    title=_("Versions of what the entries were about"),
    exported="pgh_id pgh_created_at pgh_label practiceentry",
    derived={"focus_area": "focusarea__slug"},
    withheld=TRACE | {"A number; its name is there.": "focusarea"},
)
declare(
    revisions(EntryComment),
    deleted_with(DIARY, "entry__student"),
    emptied_with(PERSON, "author", because=SAID, emptied={"author": None}),
    withheld={"Holds words that their authors took back.": "*"},
)
