"""Whose data a teaching is: the student's, and the teacher's."""

from django.db.models.functions import Coalesce, Now

from apps.core.ownership import Subject, declare, deleted_with, emptied_with

from .models import Teaching

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
    exported="id teacher student instrument started_at ended_at paused_at pause_reason cover_until",
    withheld={"Names another person.": "paused_by"},
)
