"""What a page about a diary says while that waits to be erased."""

from typing import Any

from django import template

from apps.accounts.models import Student
from apps.privacy import queries

register = template.Library()


@register.inclusion_tag("privacy/_notice.html", takes_context=True)
def erasure_notice(context: dict[str, Any], student: Student) -> dict[str, Any]:
    """For the family. No query where the page asked ``with_open_erasure`` before; one otherwise."""
    return {
        "erasure": queries.open_erasure_of(student),
        "student": student,
        "csrf_token": context.get("csrf_token"),
    }
