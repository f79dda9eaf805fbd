"""News of the diary, sent after the commit with the entry's id, never the row."""

from django.dispatch import Signal

# All: entry_id (UUID), student_id (UUID), by_id (UUID).
entry_logged = Signal()
entry_changed = Signal()
entry_deleted = Signal()
# Also comment_id (UUID).
comment_added = Signal()
