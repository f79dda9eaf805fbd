from .imports import Import, ImportRow, ImportState

__all__ = ["Import", "ImportRow", "ImportState"]
