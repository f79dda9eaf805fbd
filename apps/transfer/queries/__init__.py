from .exports import exported_batches
from .known import known_counts
from .pages import RowPage, imports_of, kept_rows, row_page, sessions_of, what_became, what_of

__all__ = [
    "RowPage",
    "exported_batches",
    "imports_of",
    "kept_rows",
    "known_counts",
    "row_page",
    "sessions_of",
    "what_became",
    "what_of",
]
