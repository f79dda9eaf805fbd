"""One import as a whole is taken back. What somebody changed or talked about since stays, and is named."""

from django.db import transaction

from apps.practice.models import PracticeEntry
from apps.practice.services.bulk import delete_untouched
from apps.transfer.models import Import, ImportState

from .checking import CHUNK
from .diaries import head_of
from .leases import Clock, keep, settle


def take_back(batch: Import, clock: Clock) -> None:
    while _take_chunk(batch, clock):
        pass
    settle(batch, ImportState.UNDONE, now=clock())


@transaction.atomic
def _take_chunk(batch: Import, clock: Clock) -> bool:
    rows = list(batch.rows.filter(is_added=True, is_kept=False).order_by("number")[:CHUNK])
    if not rows:
        return False
    head_of(batch)
    assert batch.uploaded_by is not None  # noqa: S101  (the head would not have been found)
    keys = {batch.key_of(row.number): row.pk for row in rows}
    there = set(PracticeEntry.objects.kept().filter(pk__in=keys).values_list("pk", flat=True))
    now = clock()
    gone = delete_untouched(student=batch.student, entries=list(there), by=batch.uploaded_by, now=now)
    stays = [keys[key] for key in there - gone]
    batch.rows.filter(pk__in=stays).update(is_kept=True)
    # Somebody deleted the others before: they are gone as well.
    batch.rows.filter(pk__in=[row.pk for row in rows]).exclude(pk__in=stays).update(is_added=False)
    keep(
        batch,
        now=now,
        rows_done=batch.rows_done + len(rows),
        removed=batch.removed + len(gone),
        attempts=1,
    )
    return True
