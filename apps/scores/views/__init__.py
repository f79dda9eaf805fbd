from .adding import score_add
from .showing import page_show, score_delete, score_report, score_show

__all__ = ["page_show", "score_add", "score_delete", "score_report", "score_show"]
