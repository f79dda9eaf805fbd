"""Every write of an import: it comes, is looked through, goes in, and can be taken back."""

from .choosing import ask_check, ask_import, ask_undo, order_evidence
from .errors import FileIsGone, NotNow, TooManyImports
from .forgetting import drop_import, forget_old
from .uploads import begin_import
from .work import run_due, run_now

__all__ = [
    "FileIsGone",
    "NotNow",
    "TooManyImports",
    "ask_check",
    "ask_import",
    "ask_undo",
    "begin_import",
    "drop_import",
    "forget_old",
    "order_evidence",
    "run_due",
    "run_now",
]
