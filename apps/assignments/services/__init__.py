"""Every write of assignments."""

from .challenges import (
    LastDayIsOver,
    TooLong,
    TooManyChallenges,
    TooManyPupils,
    answer_challenge,
    ask_more,
    close_challenges,
    set_challenge,
    take_back_challenge,
    take_out,
)
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
    "LastDayIsOver",
    "NobodyIsLeft",
    "NothingWasDone",
    "Picked",
    "TooLong",
    "TooManyChallenges",
    "TooManyPupils",
    "TooManyTemplates",
    "answer_challenge",
    "ask_more",
    "carry_over",
    "change_assignment",
    "change_template",
    "close_challenges",
    "delete_assignment",
    "give",
    "give_templates",
    "keep_assignment",
    "keep_template",
    "move_assignments",
    "set_challenge",
    "take_back",
    "take_back_challenge",
    "take_out",
    "work_on",
]
