from .assignments import (
    LONGEST_DESCRIPTION,
    LONGEST_LABEL,
    LONGEST_TITLE,
    MOST_MINUTES,
    MOST_STEPS,
    TICKED_ONCE,
    AnyStep,
    Assignment,
    AssignmentCompletion,
    Step,
    StepKind,
)
from .library import LONGEST_TAG, MOST_TAGS, MOST_TEMPLATES, Template, TemplateStep

__all__ = [
    "LONGEST_DESCRIPTION",
    "LONGEST_LABEL",
    "LONGEST_TAG",
    "LONGEST_TITLE",
    "MOST_MINUTES",
    "MOST_STEPS",
    "MOST_TAGS",
    "MOST_TEMPLATES",
    "TICKED_ONCE",
    "AnyStep",
    "Assignment",
    "AssignmentCompletion",
    "Step",
    "StepKind",
    "Template",
    "TemplateStep",
]
