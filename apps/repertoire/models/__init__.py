from .notes import Note
from .occasions import Occasion
from .pieces import Piece, PieceSection, PieceStatusChange
from .skills import Skill

__all__ = ["Note", "Occasion", "Piece", "PieceSection", "PieceStatusChange", "Skill"]
