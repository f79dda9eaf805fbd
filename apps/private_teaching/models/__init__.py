"""Lessons, teachers' public pages, and requests for lessons."""

from .applications import Application, ApplicationMessage
from .pages import PublishedPage, TeacherProfile
from .teachings import LONGEST_REASON, Teaching, TeachingQuerySet, is_not_over, is_running

__all__ = [
    "LONGEST_REASON",
    "Application",
    "ApplicationMessage",
    "PublishedPage",
    "TeacherProfile",
    "Teaching",
    "TeachingQuerySet",
    "is_not_over",
    "is_running",
]
