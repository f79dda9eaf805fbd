"""A worker's hold on an import."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from apps.transfer.models import Import, ImportState

LEASE = timedelta(minutes=5)
Clock = Callable[[], datetime]


class LeaseIsLost(Exception):
    """Another worker does this by now."""


def keep(batch: Import, *, now: datetime, **values: object) -> None:
    """Write how far it is, and hold the lease on. Raises LeaseIsLost."""
    _write(batch, lease_until=now + LEASE, **values)


def hand_back(batch: Import, *, until: datetime) -> None:
    """It did not work; it may be tried again from then on. Raises LeaseIsLost."""
    _write(batch, lease_until=until)


def _write(batch: Import, **values: object) -> None:
    ours = Import.objects.filter(pk=batch.pk, state=batch.state, lease_until=batch.lease_until)
    if not ours.update(**values):
        raise LeaseIsLost
    for name, value in values.items():
        setattr(batch, name, value)


def settle(batch: Import, state: ImportState, *, now: datetime, **values: object) -> None:
    """Give it back. What is through needs its file no more. Raises LeaseIsLost."""
    over = state in (ImportState.DONE, ImportState.UNDONE, ImportState.FAILED)
    path = batch.path
    if over:
        values |= {"path": "", "samples": [], "finished_at": now}
    _write(batch, state=state, lease_until=None, **values)
    if over and path:
        default_storage.delete(path)
