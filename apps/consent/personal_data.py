"""Whose data the ledger holds."""

from apps.core.ownership import Subject, declare, deleted_with, kept_with

from .models import Confirmation, ConsentEvent

BECAUSE = (
    "That somebody had agreed, and took it back, must be provable after the diary is gone too; the row holds"
    " ids alone, which lead nowhere any more."
)

declare(
    ConsentEvent,
    kept_with(Subject.STUDENT, "student_id", because=BECAUSE, is_exported=True),
    kept_with(Subject.PERSON, "by", because=BECAUSE, is_exported=True),
    exported="id student_id purpose given text_version language method by at",
)
declare(
    Confirmation,
    deleted_with(Subject.PERSON, "event__by"),
    deleted_with(Subject.STUDENT, "event__student_id"),
    withheld={"A secret that takes a consent back.": "*"},
)
