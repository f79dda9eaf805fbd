from .notes import Note
from .pieces import Piece, PieceSection, PieceStatusChange
from .skills import Skill

__all__ = ["Note", "Piece", "PieceSection", "PieceStatusChange", "Skill"]
