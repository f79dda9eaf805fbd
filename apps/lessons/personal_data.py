"""Whose data lessons are: the student's and the teacher's, but for what a teacher noted alone."""

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core.ownership import Subject, declare, deleted_with, emptied_with

from .models import Lesson, LessonChange, OwnNote

PERSON, DIARY = Subject.PERSON, Subject.STUDENT
HELD = "The lesson was the student's too, and what was noted for the family stays with the diary."


def of_family(user: User) -> Q:
    """A teacher's copy of a diary holds no lessons of another teacher; their own are in their own copy."""
    return Q(teaching__student__in=family_ids(user))


def own(user: User) -> Q:
    """What the teacher planned and wrote stays theirs, also when the lessons are over."""
    return Q(teacher=user)


declare(
    Lesson,
    deleted_with(DIARY, "teaching__student", is_exported=True, visible=of_family),
    emptied_with(
        PERSON, "teacher", because=HELD, emptied={"place": "", "link": ""}, is_exported=True, visible=own
    ),
    emptied_with(PERSON, "added_by", because=HELD, emptied={"added_by": None}),
    emptied_with(PERSON, "changed_by", because=HELD, emptied={"changed_by": None}),
    exported="id teaching starts_at ends_at time_zone place link attendance shared_note cancelled_at"
    " series created_at changed_at deleted_at",
    withheld={"Names another person.": "teacher added_by changed_by"},
    trash="deleted_at",
)
declare(
    OwnNote,
    deleted_with(PERSON, "author", is_exported=True),
    # It is about the student, and goes with them; no copy of the diary holds it.
    deleted_with(DIARY, "lesson__teaching__student"),
    exported="id lesson author body changed_at",
)
declare(
    LessonChange,
    deleted_with(
        DIARY,
        "lesson__teaching__student",
        is_exported=True,
        visible=lambda user: Q(lesson__teaching__student__in=family_ids(user)),
    ),
    emptied_with(PERSON, "lesson__teacher", because=HELD, emptied={"changed_by": None}),
    emptied_with(PERSON, "changed_by", because=HELD, emptied={"changed_by": None}),
    exported="id lesson kind was_at was_minutes reason with_following changed_at",
    withheld={"Names another person.": "changed_by"},
)
