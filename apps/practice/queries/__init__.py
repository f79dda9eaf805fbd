from .lists import diary_of, last_lines, new_counts, newest_first, recent_entries, with_details
from .statistics import (
    DayTotal,
    DiaryStatistics,
    day_totals,
    days_for,
    diary_statistics,
    entry_statistics,
)

__all__ = [
    "DayTotal",
    "DiaryStatistics",
    "day_totals",
    "days_for",
    "diary_of",
    "diary_statistics",
    "entry_statistics",
    "last_lines",
    "new_counts",
    "newest_first",
    "recent_entries",
    "with_details",
]
