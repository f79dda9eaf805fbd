from .aside import rules, snooze, wake
from .inbox import inbox, reply
from .snippets import snippet_edit, snippets

__all__ = ["inbox", "reply", "rules", "snippet_edit", "snippets", "snooze", "wake"]
