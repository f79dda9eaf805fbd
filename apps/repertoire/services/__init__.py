"""Every write about pieces and skills."""

from .errors import (
    ChangedMeanwhile,
    DayIsInTheFuture,
    GoneMeanwhile,
    KeyIsTaken,
    LooksTheSame,
    NameIsTaken,
    NotPossible,
    NotThisPiece,
    NotThisSection,
    NotThisTeaching,
    TooMany,
)
from .merging import merge_pieces
from .notes import add_note, delete_note
from .occasions import add_occasion, change_occasion, delete_occasion
from .pieces import (
    add_piece,
    add_section,
    change_piece,
    change_section,
    delete_piece,
    delete_section,
    set_status,
)
from .skills import add_skill, change_skill, delete_skill

__all__ = [
    "ChangedMeanwhile",
    "DayIsInTheFuture",
    "GoneMeanwhile",
    "KeyIsTaken",
    "LooksTheSame",
    "NameIsTaken",
    "NotPossible",
    "NotThisPiece",
    "NotThisSection",
    "NotThisTeaching",
    "TooMany",
    "add_note",
    "add_occasion",
    "add_piece",
    "add_section",
    "add_skill",
    "change_occasion",
    "change_piece",
    "change_section",
    "change_skill",
    "delete_note",
    "delete_occasion",
    "delete_piece",
    "delete_section",
    "delete_skill",
    "merge_pieces",
    "set_status",
]
