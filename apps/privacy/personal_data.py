"""Whose data these tables hold themselves."""

from apps.core.ownership import Subject, declare, deleted_with, kept_with

from .models import Erasure, Export

BECAUSE = "That something was erased is proved by ids alone, which lead nowhere any more."

declare(
    Export,
    deleted_with(Subject.PERSON, "requested_by"),
    deleted_with(Subject.STUDENT, "student"),
    withheld={"A copy holds no list of copies.": "*"},
    stored="path",
)
declare(
    Erasure,
    kept_with(Subject.PERSON, "asked_by_id", because=BECAUSE),
    kept_with(Subject.PERSON, "settled_by_id", because=BECAUSE),
    kept_with(Subject.PERSON, "subject_id", because=BECAUSE),
    kept_with(Subject.STUDENT, "subject_id", because=BECAUSE),
    # Who was told, and which diaries go along, stand there by id while it waits; both are emptied then.
    withheld={"Says that an erasure was asked for; the account's pages show it.": "*"},
)
