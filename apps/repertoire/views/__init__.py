from .merging import piece_merge
from .notes import note_delete, note_report, piece_note_add, skill_note_add
from .occasions import occasion_add, occasion_edit, occasion_list, occasion_report
from .pieces import piece_add, piece_delete, piece_detail, piece_edit, piece_list, piece_status
from .sections import section_add, section_edit
from .skills import skill_add, skill_detail, skill_edit, skill_list

__all__ = [
    "note_delete",
    "note_report",
    "occasion_add",
    "occasion_edit",
    "occasion_list",
    "occasion_report",
    "piece_add",
    "piece_delete",
    "piece_detail",
    "piece_edit",
    "piece_list",
    "piece_merge",
    "piece_note_add",
    "piece_status",
    "section_add",
    "section_edit",
    "skill_add",
    "skill_detail",
    "skill_edit",
    "skill_list",
    "skill_note_add",
]
