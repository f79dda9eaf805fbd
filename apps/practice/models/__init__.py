from .comments import EntryComment
from .days import PracticeDay
from .entries import FocusArea, PracticeEntry, PracticeItem
from .marks import NewMark

__all__ = ["EntryComment", "FocusArea", "NewMark", "PracticeDay", "PracticeEntry", "PracticeItem"]
