from .lists import PieceGroup, SkillGroup, pieces_by_status, skills_by_category
from .notes import note_readers, notes_about
from .occasions import Occasions, occasions_of, pieces_to_name
from .pieces import Suggestions, other_pieces, same_pieces, suggestions

__all__ = [
    "Occasions",
    "PieceGroup",
    "SkillGroup",
    "Suggestions",
    "note_readers",
    "notes_about",
    "occasions_of",
    "other_pieces",
    "pieces_by_status",
    "pieces_to_name",
    "same_pieces",
    "skills_by_category",
    "suggestions",
]
