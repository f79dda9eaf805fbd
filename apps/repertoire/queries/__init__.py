from .lists import PieceGroup, SkillGroup, pieces_by_status, skills_by_category
from .notes import note_readers, notes_about
from .pieces import Suggestions, other_pieces, same_pieces, suggestions

__all__ = [
    "PieceGroup",
    "SkillGroup",
    "Suggestions",
    "note_readers",
    "notes_about",
    "other_pieces",
    "pieces_by_status",
    "same_pieces",
    "skills_by_category",
    "suggestions",
]
