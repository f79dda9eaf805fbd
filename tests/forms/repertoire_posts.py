"""What can be sent about pieces, skills and notes; a part of the table in ``posts``."""

from typing import Any

from django.utils import timezone

from apps.repertoire.forms import (
    MergeForm,
    NoteForm,
    PieceAddForm,
    PieceEditForm,
    SectionAddForm,
    SectionEditForm,
    SkillAddForm,
    SkillEditForm,
    StatusForm,
)
from apps.repertoire.models import Note, Piece, PieceSection, Skill
from apps.safeguarding.forms import ReportForm
from tests.conftest import Cast
from tests.factories.repertoire import make_note, make_piece, make_section, make_skill

from .scenes import KEY, student

Sent = dict[str, Any]


def write_piece(cast: Cast) -> None:
    """A minuet with a section, and another one."""
    by = cast.user("guardian")
    make_section(make_piece(cast.student, by, "Minuet in D"), by, "Verse")
    make_piece(cast.student, by, "Musette", composer="Bach")


def write_skill(cast: Cast) -> None:
    make_skill(cast.student, cast.user("guardian"), "Trills")


def write_note(cast: Cast) -> None:
    make_note(make_piece(cast.student, cast.user("guardian"), "Minuet in D"), cast.user("guardian"))


def minuet(cast: Cast) -> list[object]:
    return [Piece.objects.get(title="Minuet in D").pk]


def section(cast: Cast) -> list[object]:
    return [PieceSection.objects.get().pk]


def skill(cast: Cast) -> list[object]:
    return [Skill.objects.get().pk]


def note(cast: Cast) -> list[object]:
    return [Note.objects.get().pk]


def piece_fields(cast: Cast) -> Sent:
    today = cast.student.today(timezone.now())
    return {
        "title": "Minuet in G",
        "composer": "Christian Petzold",
        "difficulty": "2",
        "started_on": today.isoformat(),
    }


def section_fields(cast: Cast) -> Sent:
    return {"name": "Coda", "from_bar": "9", "to_bar": "16", "target_tempo": "96", "status": "polishing"}


def note_fields(cast: Cast) -> Sent:
    return {
        "key": KEY,
        "body": "Count the rests",
        "link": "https://music.example/minuet",
        "audience": str(cast.second_teaching.pk),
    }


# Each as the arguments of a ``Post``.
REPERTOIRE: list[dict[str, Any]] = [
    {
        "route": "repertoire:piece-add",
        "who": "guardian",
        "arguments": student,
        "fields": lambda cast: {
            **piece_fields(cast),
            "key": KEY,
            "status": "polishing",
            "words": "From the green book",
            "anyway": "on",
        },
        "forms": (PieceAddForm,),
    },
    {
        "route": "repertoire:piece-edit",
        "who": "teacher",
        "prepare": write_piece,
        "arguments": minuet,
        "fields": lambda cast: {**piece_fields(cast), "version": ""},
        "forms": (PieceEditForm,),
    },
    {
        "route": "repertoire:piece-status",
        "who": "student",
        "prepare": write_piece,
        "arguments": minuet,
        "fields": lambda cast: {"status": "ready"},
        "forms": (StatusForm,),
    },
    {
        "route": "repertoire:piece-merge",
        "who": "guardian",
        "prepare": write_piece,
        "arguments": minuet,
        "fields": lambda cast: {"other": str(Piece.objects.get(title="Musette").pk)},
        "forms": (MergeForm,),
    },
    {"route": "repertoire:piece-delete", "who": "guardian", "prepare": write_piece, "arguments": minuet},
    {
        "route": "repertoire:piece-note-add",
        "who": "guardian",
        "prepare": write_piece,
        "arguments": minuet,
        "fields": lambda cast: {**note_fields(cast), "section": str(PieceSection.objects.get().pk)},
        "forms": (NoteForm,),
    },
    {
        "route": "repertoire:section-add",
        "who": "logger",
        "prepare": write_piece,
        "arguments": minuet,
        "fields": lambda cast: {**section_fields(cast), "key": KEY},
        "forms": (SectionAddForm,),
    },
    {
        "route": "repertoire:section-edit",
        "who": "teacher",
        "prepare": write_piece,
        "arguments": section,
        "fields": lambda cast: {**section_fields(cast), "version": ""},
        "forms": (SectionEditForm,),
    },
    {
        "route": "repertoire:skill-add",
        "who": "teacher",
        "arguments": student,
        "fields": lambda cast: {
            "key": KEY,
            "name": "Vibrato",
            "category": "other",
            "words": "Slow and wide",
        },
        "forms": (SkillAddForm,),
    },
    {
        "route": "repertoire:skill-edit",
        "who": "student",
        "prepare": write_skill,
        "arguments": skill,
        "fields": lambda cast: {
            "name": "Long trills",
            "category": "theory",
            "is_archived": "on",
            "version": "",
        },
        "forms": (SkillEditForm,),
    },
    {
        "route": "repertoire:skill-note-add",
        "who": "student",
        "prepare": write_skill,
        "arguments": skill,
        "fields": note_fields,
    },
    {"route": "repertoire:note-delete", "who": "guardian", "prepare": write_note, "arguments": note},
    {
        "route": "repertoire:note-report",
        "who": "teacher",
        "prepare": write_note,
        "arguments": note,
        "fields": lambda cast: {"category": "other", "words": "I am worried."},
        "forms": (ReportForm,),
    },
]
