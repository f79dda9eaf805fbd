"""The sentences that somebody keeps at hand."""

from apps.accounts.models import User
from apps.core.access import allowed
from apps.desk.models import Snippet


def snippets_of(user: User) -> list[Snippet]:
    """In the order in which they were written."""
    return list(allowed(Snippet.objects.all(), "change", user).order_by("created_at", "pk"))
