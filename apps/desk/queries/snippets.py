"""The sentences that somebody keeps at hand."""

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.accounts.prepared import ForReader
from apps.core.access import allowed
from apps.desk.models import Snippet


def snippets_of(user: User) -> list[Snippet]:
    """In the order in which they were written."""
    return _snippets(user)


def _build_snippets(user: User) -> QuerySet[Snippet]:
    return allowed(Snippet.objects.all(), "change", user).order_by("created_at", "pk")


_snippets = ForReader(_build_snippets)
