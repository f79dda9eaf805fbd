"""What whoever holds a link to read along sees of a diary: what any guest who may look does, and less."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q

from apps.accounts.models import Student
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.permissions import audience_as

from .lists import with_lines

# More than anybody logs in a week.
MOST = 200
# Without an account nobody has own words or a thread: what is left is open to everybody.
OPEN_TO_ALL = Q(deleted_at__isnull=True, thread__isnull=True)


def shared_entries(student: Student, *, first: date, last: date) -> list[PracticeEntry]:
    """What is shared with everybody, of these days, the newest day first; ready for its lines. One query."""
    readable = audience_as(AuthorRole.GUEST, ())
    entries = PracticeEntry.objects.kept().filter(readable, student=student).between(first, last)
    return list(with_lines(entries).order_by("-practised_on", "created_at", "pk")[:MOST])


def shared_words(entries: Collection[UUID]) -> Mapping[UUID, list[EntryComment]]:
    """What teachers said to everybody under these entries, in order. One query."""
    rows = EntryComment.objects.filter(OPEN_TO_ALL, entry__in=entries, author_role=AuthorRole.TEACHER)
    found: dict[UUID, list[EntryComment]] = defaultdict(list)
    for comment in rows.order_by("created_at", "pk"):
        found[comment.entry_id].append(comment)
    return found
