"""Every write of the safeguarding team, with its audit row and its news."""

from .cases import CaseIsClosed, close_case, open_case
from .looks import CannotLookAs, end_look, note_page, refuse_look, start_look
from .reports import (
    add_note,
    close_report,
    lift_hold,
    place_hold,
    report_item,
    take_photo_down,
    take_report,
)

__all__ = [
    "CannotLookAs",
    "CaseIsClosed",
    "add_note",
    "close_case",
    "close_report",
    "end_look",
    "lift_hold",
    "note_page",
    "open_case",
    "place_hold",
    "refuse_look",
    "report_item",
    "start_look",
    "take_photo_down",
    "take_report",
]
