from .comments import EntryComment
from .days import PracticeDay
from .entries import EntryFocusArea, FocusArea, PracticeEntry, PracticeItem
from .marks import NewMark

__all__ = [
    "EntryComment",
    "EntryFocusArea",
    "FocusArea",
    "NewMark",
    "PracticeDay",
    "PracticeEntry",
    "PracticeItem",
]
