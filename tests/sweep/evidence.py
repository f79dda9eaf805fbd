"""Links, notes and pictures of the sweep's world."""

from datetime import datetime, timedelta
from typing import Any

from apps.evidence.services import delete_evidence
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Skill
from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.evidence import make_evidence, make_link, make_picture
from tests.factories.lessons import place_lesson


def _nobody(user: Any, path: str) -> bool:
    """What was deleted stands in the admin alone, as long as it is kept."""
    return bool(path.startswith("/staff/"))


def evidence_of(
    cast: Cast, skills: dict[str, Skill], private: PracticeEntry, now: datetime
) -> dict[str, str]:
    """Each kind, on entries of each audience, on skills and on a lesson. ``private`` has a line about Mia's
    skill."""
    guardian, student = cast.user("guardian"), cast.user("student")
    found = {
        "note": make_evidence(cast.entry, guardian, "Slow Qzevidencenote"),
        "picture": make_picture(
            cast.entry, student, "Look Qzevidencecaption", file_name="Qzevidencefile.png"
        ),
        "private": make_link(private, student, "https://music.example/Qzevidenceprivate"),
        "hidden": make_picture(private, student, file_name="Qzevidencehidden.png"),
        "addressed": make_evidence(cast.addressed_entry, student, "Slow Qzevidenceaddressed"),
        "skill": make_link(skills["vibrato"], cast.user("logger"), "https://music.example/Qzevidenceskill"),
        "deleted": make_picture(cast.entry, guardian, file_name="Qzevidencedeleted.png"),
        "foreign": make_picture(
            skills["foreign"], cast.user("other_guardian"), file_name="Qzevidenceforeign.png"
        ),
    }
    lesson = place_lesson(cast.teaching, now - timedelta(days=9))
    found["lesson"] = make_picture(lesson, cast.user("teacher"), file_name="Qzevidencelesson.png")
    delete_evidence(evidence=found["deleted"], by=guardian, now=now)
    readers = {
        "Qzevidencenote": tap.entry_readers(cast.entry),
        "Qzevidencecaption": tap.entry_readers(cast.entry),
        "Qzevidencefile": tap.entry_readers(cast.entry),
        "Qzevidenceprivate": tap.entry_readers(private),
        "Qzevidencehidden": tap.entry_readers(private),
        "Qzevidenceaddressed": tap.entry_readers(cast.addressed_entry),
        "Qzevidenceskill": tap.repertoire_readers(cast.student),
        "Qzevidencelesson": tap.lesson_readers(lesson),
        "Qzevidencedeleted": _nobody,
        "Qzevidenceforeign": tap.repertoire_readers(cast.other_student),
    }
    for word, who in readers.items():
        cast.canaries.plant(f"evidence {word}", word, who)
    return {name: str(row.pk) for name, row in found.items()}
