from .brief import Brief, brief_of
from .inbox import Inbox, inbox_of
from .pupils import MOST_NEW, Pupil, Snoozed, pupil_of, pupils_of
from .snippets import snippets_of
from .thresholds import thresholds_of

__all__ = [
    "MOST_NEW",
    "Brief",
    "Inbox",
    "Pupil",
    "Snoozed",
    "brief_of",
    "inbox_of",
    "pupil_of",
    "pupils_of",
    "snippets_of",
    "thresholds_of",
]
