"""Whose data an import holds: the diary's, for as long as it takes."""

from apps.core.ownership import Subject, declare, deleted_with, emptied_with

from .models import Import, ImportRow

declare(
    Import,
    deleted_with(Subject.STUDENT, "student"),
    emptied_with(
        Subject.PERSON,
        "uploaded_by",
        because="What was brought into somebody else's diary stays there, without a name.",
        emptied={"uploaded_by": None},
    ),
    withheld={"Says how a file went; what became of it is among the entries.": "*"},
    stored="path",
)
declare(
    ImportRow,
    deleted_with(Subject.STUDENT, "batch__student"),
    withheld={"What became of it is among the entries; what did not is deleted after a day.": "*"},
)
