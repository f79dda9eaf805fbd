"""Every write at the desk."""

from .replies import NAME, Replied, reply_to_many
from .rows import (
    NotAPupil,
    TooManySnippets,
    add_snippet,
    change_snippet,
    set_thresholds,
    snooze,
    wake,
)

__all__ = [
    "NAME",
    "NotAPupil",
    "Replied",
    "TooManySnippets",
    "add_snippet",
    "change_snippet",
    "reply_to_many",
    "set_thresholds",
    "snooze",
    "wake",
]
