from .challenges import (
    challenge_add,
    challenge_detail,
    challenge_end,
    challenge_list,
    participation_remove,
)
from .giving import assignment_add, assignment_carry, assignment_edit
from .joining import participation_answer, participation_report, student_challenges
from .library import assignment_keep, library, library_give, template_add, template_edit
from .reading import assignment_detail, assignment_report, student_assignments
from .working import completion_remove, step_work

__all__ = [
    "assignment_add",
    "assignment_carry",
    "assignment_detail",
    "assignment_edit",
    "assignment_keep",
    "assignment_report",
    "challenge_add",
    "challenge_detail",
    "challenge_end",
    "challenge_list",
    "completion_remove",
    "library",
    "library_give",
    "participation_answer",
    "participation_remove",
    "participation_report",
    "step_work",
    "student_assignments",
    "student_challenges",
    "template_add",
    "template_edit",
]
