from .care import care_add, care_edit
from .gear import gear_add, gear_detail, gear_edit, gear_hush, gear_list, gear_report

__all__ = [
    "care_add",
    "care_edit",
    "gear_add",
    "gear_detail",
    "gear_edit",
    "gear_hush",
    "gear_list",
    "gear_report",
]
