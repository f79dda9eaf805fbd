"""What a person says about a file, step by step. The work itself is ``work``'s."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import islice
from typing import IO

from django.core.files.storage import default_storage
from django.db import transaction

from apps.accounts.models import User
from apps.core import audit, jobs
from apps.transfer.models import Import, ImportState
from apps.transfer.reading.opening import open_table
from apps.transfer.values.days import Evidence, evidence_of

from .errors import FileIsGone, NotNow

TASK = "transfer.run_due"
# Rows whose days are compared while somebody waits.
LOOKED_AT = 2000


def opened(batch: Import) -> IO[bytes]:
    """Raises FileIsGone."""
    try:
        return default_storage.open(batch.path)
    except (FileNotFoundError, ValueError) as error:
        raise FileIsGone from error


def order_evidence(batch: Import, place: int) -> Evidence:
    """What the column of days says about their order. Raises FileIsGone, FileIsNotPossible."""
    with opened(batch) as file:
        rows = iter(open_table(file))
        next(rows, None)
        looked_at = islice(rows, LOOKED_AT)
        return evidence_of(row.cells[place] for row in looked_at if place < len(row.cells))


def _held(batch: Import, states: Collection[ImportState]) -> Import | None:
    """Under its lock: of two pages that say so at once, the second finds it further."""
    return Import.objects.select_for_update().filter(pk=batch.pk, state__in=states).first()


@transaction.atomic
def _move(batch: Import, *states: ImportState, to: ImportState, **values: object) -> Import:
    """Raises NotNow: somebody else, or another page, was quicker."""
    row = _held(batch, states)
    if row is None:
        raise NotNow
    row.state, row.lease_until, row.attempts, row.rows_done, row.last_error = to, None, 0, 0, ""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    jobs.wake(TASK)
    return row


def ask_check(*, batch: Import, mapping: Mapping[str, int], options: Mapping[str, object]) -> Import:
    """Look through the file with these columns; what was found before is found anew. Raises NotNow."""
    return _move(
        batch,
        ImportState.UPLOADED,
        ImportState.CHECKED,
        to=ImportState.CHECKING,
        mapping=dict(mapping),
        options=dict(options),
        counts={},
    )


def ask_import(*, batch: Import, by: User, now: datetime) -> Import:
    """Let in what is right. Whoever presses is whose sessions they become. Raises NotNow."""
    with transaction.atomic():
        row = _move(batch, ImportState.CHECKED, to=ImportState.IMPORTING, uploaded_by=by)
        audit.record(action="import.started", actor=by, target=row, now=now, student_id=row.student_id)
        return row


def ask_undo(*, batch: Import, by: User, now: datetime) -> Import:
    """Take back what this import brought. Raises NotNow."""
    with transaction.atomic():
        states = (ImportState.DONE, ImportState.FAILED)
        row = _move(batch, *states, to=ImportState.UNDOING, uploaded_by=by)
        audit.record(action="import.undone", actor=by, target=row, now=now, student_id=row.student_id)
        return row
