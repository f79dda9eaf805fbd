"""Lessons, teachers' public pages, and requests for lessons."""

from .teachings import LONGEST_REASON, Teaching, TeachingQuerySet, is_not_over, is_running

__all__ = ["LONGEST_REASON", "Teaching", "TeachingQuerySet", "is_not_over", "is_running"]
