from .giving import assignment_add, assignment_carry, assignment_edit
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
    "completion_remove",
    "library",
    "library_give",
    "step_work",
    "student_assignments",
    "template_add",
    "template_edit",
]
