"""Whose data these tables hold: the family's diary, and the people whom the team has to do with."""

from django.db.models import Q

from apps.core.ownership import Subject, declare, emptied_with, kept_with

from .models import Impersonation, LegalHold, ReadingCase, Report, ReportNote
from .models.reports import ReportState, words_unless

PERSON, DIARY = Subject.PERSON, Subject.STUDENT
STAFF = "What the staff did is proved by ids alone; the account's row behind the id is emptied."
TOLD = "The page of the people around the diary, and the settings, show it."
SECRET = "A report and what is done about it is told to nobody, so that nobody is afraid to report."  # noqa: S105
PROOF = "That something was reported, and when it was settled, is proved without words and names."

declare(
    ReadingCase,
    kept_with(PERSON, "staff", because=STAFF),
    emptied_with(
        DIARY,
        "student",
        because="That somebody of the staff looked is proved without saying at whom.",
        emptied={"student": None, "reason": ""},
    ),
    withheld={TOLD: "*"},
)
declare(
    Impersonation,
    kept_with(PERSON, "staff", because=STAFF),
    emptied_with(
        PERSON,
        "person",
        because="That somebody of the staff looked is proved by ids alone.",
        emptied={"reason": ""},
    ),
    withheld={TOLD: "*"},
)
declare(
    Report,
    # What nobody has read yet, a child's safety may hang on: until it is closed only the name goes.
    emptied_with(
        PERSON,
        "reporter",
        because=PROOF,
        emptied={"reporter": None, "words": words_unless(Q(state=ReportState.CLOSED))},
    ),
    emptied_with(PERSON, "author", because=PROOF, emptied={"author": None}),
    emptied_with(PERSON, "assigned_to", because=PROOF, emptied={"assigned_to": None}),
    emptied_with(DIARY, "student", because=PROOF, emptied={"student": None, "words": "", "evidence": ""}),
    withheld={SECRET: "*"},
)
declare(
    ReportNote,
    kept_with(PERSON, "author", because=STAFF),
    emptied_with(DIARY, "report__student", because=PROOF, emptied={"body": ""}),
    withheld={SECRET: "*"},
)
declare(
    LegalHold,
    kept_with(PERSON, "placed_by", because=STAFF),
    kept_with(PERSON, "lifted_by", because=STAFF),
    emptied_with(
        PERSON,
        "person",
        because="A hold that was lifted is proved without words.",
        emptied={"reason": "", "person": None},
    ),
    emptied_with(
        DIARY,
        "student",
        because="A hold that was lifted is proved without words.",
        emptied={"reason": "", "student": None},
    ),
    withheld={SECRET: "*"},
)
