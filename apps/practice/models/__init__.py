from .areas import FocusArea
from .comments import CommentThanks, EntryComment, TalkSeen
from .days import PracticeDay, ThingDay
from .entries import EntryFocusArea, PracticeEntry, PracticeItem
from .filters import SavedFilter
from .marks import NewMark
from .sign_offs import WeekSignOff
from .words import EntryWords

__all__ = [
    "CommentThanks",
    "EntryComment",
    "EntryFocusArea",
    "EntryWords",
    "FocusArea",
    "NewMark",
    "PracticeDay",
    "PracticeEntry",
    "PracticeItem",
    "SavedFilter",
    "TalkSeen",
    "ThingDay",
    "WeekSignOff",
]
