"""Pieces, sections, skills, notes, own focus areas and evidence of the sweep's world."""

from datetime import datetime
from typing import Any

from apps.accounts.models import Student
from apps.practice.content import About, Line
from apps.practice.models import PracticeEntry
from apps.repertoire import services
from apps.repertoire.models import Note, Piece, Skill
from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_note, make_piece, make_section, make_skill

from .areas import areas_of
from .evidence import evidence_of
from .gear import things_of
from .scores import scores_of


def _staff(user: Any, path: str) -> bool:
    return bool(path.startswith("/staff/"))


def pieces_of(cast: Cast, now: datetime) -> dict[str, Piece]:
    """Of Mia: one, and a deleted one. Of Noah: one."""

    def make(name: str, student: Student, who: str) -> Piece:
        row = make_piece(
            student, cast.user(who), f"Minuet Qz{name}title", composer=f"Petzold Qz{name}composer"
        )
        for text in ("title", "composer"):
            readers = _staff if name == "gone" else tap.repertoire_readers(student)
            cast.canaries.plant(f"{text} of the {name} piece", f"Qz{name}{text}", readers)
        return row

    found = {
        "minuet": make("minuet", cast.student, "guardian"),
        "gone": make("gone", cast.student, "guardian"),
        "foreign": make("foreign", cast.other_student, "other_guardian"),
    }
    services.delete_piece(piece=found["gone"], by=cast.user("guardian"), now=now)
    return found


def sections_of(cast: Cast, pieces: dict[str, Piece], now: datetime) -> dict[str, str]:
    """One, and one that was taken away; one of Noah's piece."""
    by = cast.user("guardian")
    found = {
        "verse": make_section(pieces["minuet"], by, "Verse Qzverse", from_bar=1, to_bar=8, target_tempo=96),
        "away": make_section(pieces["minuet"], by, "Coda Qzaway"),
        "foreign": make_section(pieces["foreign"], cast.user("other_guardian"), "Verse Qznoahverse"),
    }
    services.delete_section(section=found["away"], by=by, now=now)
    readers = {
        "Qzverse": tap.repertoire_readers(cast.student),
        "Qzaway": _staff,
        "Qznoahverse": tap.repertoire_readers(cast.other_student),
    }
    for word, who in readers.items():
        cast.canaries.plant(f"section {word}", word, who)
    return {name: str(row.pk) for name, row in found.items()}


def skills_of(cast: Cast, now: datetime) -> dict[str, Skill]:
    by = cast.user("guardian")
    found = {
        "vibrato": make_skill(cast.student, by, "Vibrato Qzvibrato"),
        "gone": make_skill(cast.student, by, "Trills Qztrills"),
        "foreign": make_skill(cast.other_student, cast.user("other_guardian"), "Bowing Qzbowing"),
    }
    services.delete_skill(skill=found["gone"], by=by, now=now)
    for word, who in {
        "Qzvibrato": tap.repertoire_readers(cast.student),
        "Qztrills": _staff,
        "Qzbowing": tap.repertoire_readers(cast.other_student),
    }.items():
        cast.canaries.plant(f"skill {word}", word, who)
    return found


def notes_of(cast: Cast, pieces: dict[str, Piece], skills: dict[str, Skill], now: datetime) -> dict[str, str]:
    """For all, for the family alone, for the second teacher, by that teacher for the family, taken back;
    about a skill; about Noah's piece."""
    guardian, second = cast.user("guardian"), cast.user("second_teacher")

    def make(name: str, about: Piece | Skill, who: Any, **content: Any) -> Note:
        row = make_note(
            about, who, f"Slowly Qznote{name}", link=f"https://music.example/Qzlink{name}", **content
        )
        for text in ("note", "link"):
            cast.canaries.plant(f"{text} {name}", f"Qz{text}{name}", tap.note_readers(row))
        return row

    found = {
        "open": make("open", pieces["minuet"], guardian),
        "private": make("private", pieces["minuet"], guardian, is_private=True),
        "second": make("second", pieces["minuet"], second, addressed_to=cast.second_teaching),
        "back": make("back", pieces["minuet"], guardian),
        "skill": make("skill", skills["vibrato"], cast.user("teacher")),
        "foreign": make("foreign", pieces["foreign"], cast.user("other_teacher")),
    }
    services.delete_note(note=found["back"], by=guardian, now=now)
    return {name: str(row.pk) for name, row in found.items()}


def lines_of(cast: Cast, piece: Piece, skill: Skill) -> PracticeEntry:
    """A private entry whose lines are attached to what everybody sees, with a focus area of its own."""
    entry = make_entry(
        cast.student,
        cast.user("student"),
        minutes=13,
        lines=[
            Line("Minuet Qzprivateline", tempo=77, about=About(piece=piece.pk)),
            Line("Vibrato Qzprivatescale", about=About(skill=skill.pk)),
        ],
        own_area="Nerves Qzownarea",
        is_private=True,
    )
    for word in ("Qzprivateline", "Qzprivatescale", "Qzownarea"):
        cast.canaries.plant(f"line {word}", word, tap.entry_readers(entry))
    return entry


def repertoire_of(cast: Cast, now: datetime) -> dict[tuple[str, ...], dict[str, dict[str, str]]]:
    """By what an address carries; in each, first what is not there."""
    pieces, skills = pieces_of(cast, now), skills_of(cast, now)
    private = lines_of(cast, pieces["minuet"], skills["vibrato"])
    rows = scores_of(cast, pieces, now) | {
        "piece": {name: str(row.pk) for name, row in pieces.items()},
        "section": sections_of(cast, pieces, now),
        "skill": {name: str(row.pk) for name, row in skills.items()},
        "note": notes_of(cast, pieces, skills, now),
        "area": areas_of(cast),
        "evidence": evidence_of(cast, skills, private, now),
    }
    absent = {"absent": "00000000-0000-4000-8000-000000000000"}
    return things_of(cast, now) | {
        (thing,): {relation: {thing: key} for relation, key in (absent | keys).items()}
        for thing, keys in rows.items()
    }
