"""Every write about gear."""

from .care import add_care, change_care, delete_care
from .gear import add_gear, change_gear, delete_gear, hush

__all__ = [
    "add_care",
    "add_gear",
    "change_care",
    "change_gear",
    "delete_care",
    "delete_gear",
    "hush",
]
