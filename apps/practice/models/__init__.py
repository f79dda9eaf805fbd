from .areas import FocusArea
from .comments import EntryComment
from .days import PracticeDay
from .entries import EntryFocusArea, PracticeEntry, PracticeItem
from .marks import NewMark
from .sign_offs import WeekSignOff

__all__ = [
    "EntryComment",
    "EntryFocusArea",
    "FocusArea",
    "NewMark",
    "PracticeDay",
    "PracticeEntry",
    "PracticeItem",
    "WeekSignOff",
]
