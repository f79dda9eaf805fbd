"""Whose data assignments are: the student's, and the teacher's who wrote them."""

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core.ownership import Subject, declare, deleted_with, emptied_with, kept_with

from .models import (
    Assignment,
    AssignmentCompletion,
    Challenge,
    Participation,
    Step,
    Template,
    TemplateStep,
)

PERSON, DIARY = Subject.PERSON, Subject.STUDENT
HELD = "What was given to practise stays with the diary of the student who practised it."
NAMES = "Names another person."


declare(
    Assignment,
    deleted_with(
        DIARY,
        "teaching__student",
        is_exported=True,
        visible=lambda user: Q(teaching__student__in=family_ids(user)),
    ),
    # What a teacher wrote stays theirs, also when the lessons are over.
    kept_with(PERSON, "teaching__teacher", because=HELD, is_exported=True),
    emptied_with(PERSON, "added_by", because=HELD, emptied={"added_by": None}),
    emptied_with(PERSON, "changed_by", because=HELD, emptied={"changed_by": None}),
    exported="id teaching title about piece section skill description target_minutes due_on given lesson"
    " carried_at created_at changed_at deleted_at",
    withheld={NAMES: "added_by changed_by"},
    trash="deleted_at",
)
declare(
    Step,
    deleted_with(
        DIARY,
        "assignment__teaching__student",
        is_exported=True,
        visible=lambda user: Q(assignment__teaching__student__in=family_ids(user)),
    ),
    kept_with(PERSON, "assignment__teaching__teacher", because=HELD, is_exported=True),
    exported="id assignment position kind label amount from_bar to_bar",
)


def _of_family(user: User) -> Q:
    return Q(step__assignment__teaching__student__in=family_ids(user))


declare(
    AssignmentCompletion,
    deleted_with(DIARY, "step__assignment__teaching__student", is_exported=True, visible=_of_family),
    emptied_with(PERSON, "done_by", because=HELD, emptied={"done_by": None}),
    exported="id step entry done_on repetitions tempo from_bar to_bar is_tick created_at",
    withheld={NAMES: "done_by"},
)
declare(
    Template,
    deleted_with(PERSON, "owner", is_exported=True),
    exported="id owner title about description target_minutes tags created_at changed_at",
)
declare(
    TemplateStep,
    deleted_with(PERSON, "template__owner", is_exported=True),
    exported="id template position kind label amount from_bar to_bar",
)
declare(
    Challenge,
    deleted_with(PERSON, "teacher", is_exported=True),
    exported="id teacher title description aim measure target starts_on ends_on result people created_at"
    " ended_at closed_at",
)
declare(
    Participation,
    deleted_with(
        DIARY,
        "teaching__student",
        is_exported=True,
        visible=lambda user: Q(teaching__student__in=family_ids(user)),
    ),
    deleted_with(PERSON, "challenge__teacher"),
    emptied_with(
        PERSON,
        "answered_by",
        because="That they were asked stays with the diary; whoever said yes speaks for nobody any more.",
        emptied={"answered_by": None, "is_in": False},
    ),
    exported="id challenge teaching asked_at is_in answered_at",
    derived={"challenge_title": "challenge__title"},
    withheld={NAMES: "answered_by"},
)
