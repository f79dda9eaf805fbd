from .notes import Note
from .occasions import Occasion, OccasionPiece
from .pieces import Piece, PieceSection, PieceStatusChange
from .skills import Skill

__all__ = ["Note", "Occasion", "OccasionPiece", "Piece", "PieceSection", "PieceStatusChange", "Skill"]
