"""What a worker does, and a request for a small file: claim an import, take it a step further, in pieces that
are whole by themselves. A killed worker's import is gone on with where its last piece ended.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts.services import CollectionIsOff
from apps.transfer.models import Import, ImportState
from apps.transfer.models.imports import ImportQuerySet
from apps.transfer.reading.errors import FileIsNotPossible

from . import checking, importing, undoing
from .errors import FileIsGone, NotAllowedAnyMore
from .leases import LEASE, Clock, LeaseIsLost, hand_back, settle

logger = logging.getLogger(__name__)

# Rows that a request takes on itself.
SMALL = 2000
# Where each may bring pieces that are not in the lists yet.
SMALL_WITH_LISTS = 200
MAX_ATTEMPTS = 3
# Imports that one round takes on before it looks for other work.
BATCH = 10
# What is said is the person's to know, and trying again changes nothing.
FOR_GOOD = (FileIsNotPossible, FileIsGone, NotAllowedAnyMore, CollectionIsOff)

Step = Callable[[Import, Clock], None]
STEPS: dict[str, Step] = {
    ImportState.CHECKING: checking.check,
    ImportState.IMPORTING: importing.bring_in,
    ImportState.UNDOING: undoing.take_back,
}


def run_due(*, clock: Clock) -> int:
    """Return how many imports were taken further."""
    for turn in range(BATCH):
        batch = _claim(Import.objects.due(clock()), clock())
        if batch is None:
            return turn
        _run(batch, clock)
    return BATCH


def run_now(*, batch: Import, clock: Clock) -> bool:
    """Within the request, if it is small and nobody else has it."""
    # Of a sheet at an unusual place none is counted before it is read.
    makes = batch.state == ImportState.IMPORTING and batch.options.get("make")
    most = SMALL_WITH_LISTS if makes else SMALL
    if not 0 < batch.row_count <= most:
        return False
    # Another page may hold the row for the moment in which it finds itself too late.
    claimed = _claim(Import.objects.due(clock()).filter(pk=batch.pk), clock(), waits=True)
    if claimed is None:
        return False
    _run(claimed, clock)
    return True


def _claim(rows: ImportQuerySet, now: datetime, *, waits: bool = False) -> Import | None:
    with transaction.atomic():
        locked = rows.select_for_update(skip_locked=not waits, of=("self",)).order_by("created_at", "pk")
        batch = locked.select_related("student").first()
        if batch is not None:
            batch.lease_until = now + LEASE
            batch.attempts += 1
            batch.save(update_fields=["lease_until", "attempts"])
    return batch


def _run(batch: Import, clock: Clock) -> None:
    # Another one has it by now: whatever became of it here, it is the other's to say.
    with suppress(LeaseIsLost):
        _try(batch, clock)


def _try(batch: Import, clock: Clock) -> None:
    try:
        if batch.attempts > MAX_ATTEMPTS:
            settle(batch, ImportState.FAILED, now=clock(), last_error="WorkerDied")
            return
        STEPS[batch.state](batch, clock)
    except LeaseIsLost:
        raise
    except FOR_GOOD as error:
        settle(batch, ImportState.FAILED, now=clock(), last_error=type(error).__name__)
    except Exception as error:  # noqa: BLE001  (whatever it is, it is told by its kind)
        # One file that cannot be read must not keep the others waiting. What the database says of a row holds
        # the row: the kind of error is all that a log may tell.
        logger.error("Import %s cannot go on: %s", batch.pk, type(error).__name__)
        if batch.attempts >= MAX_ATTEMPTS:
            settle(batch, ImportState.FAILED, now=clock(), last_error=type(error).__name__)
        else:
            hand_back(batch, until=clock() + timedelta(minutes=batch.attempts))
