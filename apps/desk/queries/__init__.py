from .pupils import MOST_NEW, Pupil, Snoozed, pupil_of, pupils_of
from .thresholds import thresholds_of

__all__ = ["MOST_NEW", "Pupil", "Snoozed", "pupil_of", "pupils_of", "thresholds_of"]
