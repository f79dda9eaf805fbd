"""Whose data the desk keeps: the teacher's; and a reason, which is about a student, goes with the student."""

from apps.core.ownership import Subject, declare, deleted_with

from .models import Snippet, Snooze, TriageSettings

PERSON, DIARY = Subject.PERSON, Subject.STUDENT

declare(
    TriageSettings,
    deleted_with(PERSON, "teacher", is_exported=True),
    exported="teacher silent_days expected_days missed_weeks points struggle_times exam_weeks changed_at",
)
declare(
    Snooze,
    deleted_with(PERSON, "teacher", is_exported=True),
    # It is about the student, and goes with them; no copy of the diary holds it.
    deleted_with(DIARY, "student"),
    exported="id teacher student until reason snoozed_at",
)
declare(Snippet, deleted_with(PERSON, "owner", is_exported=True), exported="id owner body created_at")
