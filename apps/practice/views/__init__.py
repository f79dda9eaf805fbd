from .areas import area_edit, area_list
from .changes import entry_delete, entry_edit, entry_revisions
from .comments import comment_add, comment_delete
from .filters import filter_add, filter_edit
from .history import entry_calendar, entry_list, entry_mark_seen
from .logging import entry_log, entry_quick_log
from .occasions import occasion_detail
from .printing import entry_print
from .reading import entry_detail
from .reporting import comment_report, entry_report, sign_off_report
from .resuming import entry_resume
from .signing import sign_off_list, week_sign
from .talk import comment_edit, comment_thank, comment_versions, talk_seen, thanks_remove

__all__ = [
    "area_edit",
    "area_list",
    "comment_add",
    "comment_delete",
    "comment_edit",
    "comment_report",
    "comment_thank",
    "comment_versions",
    "entry_calendar",
    "entry_delete",
    "entry_detail",
    "entry_edit",
    "entry_list",
    "entry_log",
    "entry_mark_seen",
    "entry_print",
    "entry_quick_log",
    "entry_report",
    "entry_resume",
    "entry_revisions",
    "filter_add",
    "filter_edit",
    "occasion_detail",
    "sign_off_list",
    "sign_off_report",
    "talk_seen",
    "thanks_remove",
    "week_sign",
]
