from .beginnings import Beginning, asks_minutes, beginning
from .drift import drifted_days, drifted_shares
from .evidence import readable_text
from .filters import Chip, Choices, Filters, chips, choices_of, read_filters
from .history import History, history_of
from .lists import NewOfOne, diary_of, last_lines, new_counts, newest_first, recent_entries, with_details
from .months import Month, month_in_address, month_of
from .naming import Progress, instruments_to_name, occasions_to_name, progress_of
from .people import DiaryHead, Teacher, diary_head, find_head, own_head, with_people
from .practised import Practised, about_of, practised
from .reading import shared_entries, shared_words
from .resuming import Resume, Struggle, Waiting, resume_of
from .revisions import Difference, Version, versions, words_of_comment
from .sheets import Sheet, sheet_of
from .sign_offs import (
    AskedWeek,
    asked_weeks,
    asked_weeks_of,
    asking_lessons,
    changed_since,
    sign_offs_page,
    signed,
)
from .statistics import (
    DayTotal,
    DiaryStatistics,
    diary_statistics,
    every_day,
)
from .things import Things
from .threads import (
    Thread,
    addressees,
    comments_of,
    may_read,
    thread_choices,
    thread_for,
    threads,
)

__all__ = [
    "AskedWeek",
    "Beginning",
    "Chip",
    "Choices",
    "DayTotal",
    "DiaryHead",
    "DiaryStatistics",
    "Difference",
    "Filters",
    "History",
    "Month",
    "NewOfOne",
    "Practised",
    "Progress",
    "Resume",
    "Sheet",
    "Struggle",
    "Teacher",
    "Things",
    "Thread",
    "Version",
    "Waiting",
    "about_of",
    "addressees",
    "asked_weeks",
    "asked_weeks_of",
    "asking_lessons",
    "asks_minutes",
    "beginning",
    "changed_since",
    "chips",
    "choices_of",
    "comments_of",
    "diary_head",
    "diary_of",
    "diary_statistics",
    "drifted_days",
    "drifted_shares",
    "every_day",
    "find_head",
    "history_of",
    "instruments_to_name",
    "last_lines",
    "may_read",
    "month_in_address",
    "month_of",
    "new_counts",
    "newest_first",
    "occasions_to_name",
    "own_head",
    "practised",
    "progress_of",
    "read_filters",
    "readable_text",
    "recent_entries",
    "resume_of",
    "shared_entries",
    "shared_words",
    "sheet_of",
    "sign_offs_page",
    "signed",
    "thread_choices",
    "thread_for",
    "threads",
    "versions",
    "with_details",
    "with_people",
    "words_of_comment",
]
