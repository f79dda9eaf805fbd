from .adding import entry_add, lesson_add, skill_add
from .showing import evidence_delete, evidence_report, picture_show, skill_list

__all__ = [
    "entry_add",
    "evidence_delete",
    "evidence_report",
    "lesson_add",
    "picture_show",
    "skill_add",
    "skill_list",
]
