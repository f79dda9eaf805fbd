from .changes import entry_delete, entry_edit, entry_revisions
from .comments import comment_add, comment_delete
from .history import entry_list, entry_mark_seen
from .logging import entry_log, entry_quick_log
from .reading import entry_detail

__all__ = [
    "comment_add",
    "comment_delete",
    "entry_delete",
    "entry_detail",
    "entry_edit",
    "entry_list",
    "entry_log",
    "entry_mark_seen",
    "entry_quick_log",
    "entry_revisions",
]
