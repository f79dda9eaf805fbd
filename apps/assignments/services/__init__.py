"""Every write of assignments."""

from .giving import (
    DueDayIsOver,
    Given,
    NobodyIsLeft,
    carry_over,
    change_assignment,
    delete_assignment,
    give,
    move_assignments,
)
from .picking import Picked
from .working import NothingWasDone, take_back, work_on

__all__ = [
    "DueDayIsOver",
    "Given",
    "NobodyIsLeft",
    "NothingWasDone",
    "Picked",
    "carry_over",
    "change_assignment",
    "delete_assignment",
    "give",
    "move_assignments",
    "take_back",
    "work_on",
]
