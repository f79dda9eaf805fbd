from .aside import rules, snooze, wake
from .brief import brief
from .inbox import inbox, reply
from .snippets import snippet_edit, snippets
from .timeline import timeline

__all__ = ["brief", "inbox", "reply", "rules", "snippet_edit", "snippets", "snooze", "timeline", "wake"]
