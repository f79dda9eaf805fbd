"""The entries of an export, in batches."""

from collections.abc import Iterator

from django.utils.translation import override

from apps.accounts.models import User
from apps.core.pages import after
from apps.practice.models import PracticeEntry
from apps.practice.queries import DiaryHead, Filters, find_head
from apps.practice.queries.filters import ORDER, filtered
from apps.practice.queries.history import readable_entries
from apps.practice.queries.lists import with_lines

BATCH = 500


def exported_batches(
    user: User, head: DiaryHead, filters: Filters, *, language: str
) -> Iterator[list[PracticeEntry]]:
    """What fits the filters of what the reader may read, the oldest day first. A query for each batch and two
    for who the reader still is: whoever loses the diary meanwhile gets no further batch.

    No cursor of the database stays open: it would need a transaction as long as the slowest reader's line,
    and the database ends those. What is changed meanwhile is as it was when its batch was read.
    """
    last: PracticeEntry | None = None
    current: DiaryHead | None = head
    while current is not None:
        with override(language):  # the search stems words
            found = filtered(readable_entries(current), filters, current.student.pk)
        rows = with_lines(found).select_related("addressed_to__teacher")
        batch = list(after(rows, fields=ORDER, last=last)[:BATCH])
        yield batch
        if len(batch) < BATCH:
            return
        last = batch[-1]
        # As the account is by now: the request's own has not changed since it began.
        reader = User.objects.filter(pk=user.pk).first()
        current = find_head(reader, head.student.pk, "view") if reader is not None else None
