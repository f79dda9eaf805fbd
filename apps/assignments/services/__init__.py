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
from .library import (
    TooManyTemplates,
    change_template,
    give_templates,
    keep_assignment,
    keep_template,
)
from .picking import Picked
from .working import NothingWasDone, take_back, work_on

__all__ = [
    "DueDayIsOver",
    "Given",
    "NobodyIsLeft",
    "NothingWasDone",
    "Picked",
    "TooManyTemplates",
    "carry_over",
    "change_assignment",
    "change_template",
    "delete_assignment",
    "give",
    "give_templates",
    "keep_assignment",
    "keep_template",
    "move_assignments",
    "take_back",
    "work_on",
]
