from .leading import ensemble_create, ensemble_detail, ensemble_end, ensemble_list
from .playing import membership_agree, membership_end, membership_report, student_ensembles
from .telling import entry_together, part_answer

__all__ = [
    "ensemble_create",
    "ensemble_detail",
    "ensemble_end",
    "ensemble_list",
    "entry_together",
    "membership_agree",
    "membership_end",
    "membership_report",
    "part_answer",
    "student_ensembles",
]
