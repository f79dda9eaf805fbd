"""What is not needed any more goes: files, rows that did not go in, imports that nobody went on with."""

from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef

from apps.transfer.models import Import, ImportRow
from apps.transfer.models.imports import AFTER, BEFORE, PASSING

from .checking import forget_rows
from .errors import NotNow
from .uploads import FOLDER

KEPT = timedelta(days=1)


def forget_old(*, now: datetime) -> int:
    """After a day. Of what went in, the row of the import stays, so that the same file adds nothing again;
    what was said about it held words of the file, and goes."""
    forget_orphans()
    old = Import.objects.filter(created_at__lt=now - KEPT)
    gone = 0
    for batch in old.filter(state__in=BEFORE):
        gone += _drop(batch)
    passing = ImportRow.objects.filter(PASSING, batch=OuterRef("pk"))
    for batch in old.filter(Exists(passing), state__in=AFTER):
        forget_rows(batch, is_added=False)
        batch.rows.filter(PASSING).update(problems=[])
    return gone


def drop_import(*, batch: Import) -> None:
    """Its person has thought better of it. Raises NotNow: it has begun to go in."""
    if not _drop(batch):
        raise NotNow


def _drop(batch: Import) -> bool:
    with transaction.atomic():
        row = Import.objects.select_for_update().filter(pk=batch.pk, state__in=BEFORE).first()
        if row is None:
            return False
        forget_rows(row)
        row.delete()
    if row.path:
        default_storage.delete(row.path)
    return True


def forget_orphans() -> int:
    """Files that no row names: of a request that was cut off, of a diary that was erased."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:  # a disk knows folders, and there was no file yet
        return 0
    paths = Import.objects.exclude(path="").values_list("path", flat=True)
    named = {PurePosixPath(path).name for path in paths}
    orphans = [name for name in names if name not in named]
    for name in orphans:
        default_storage.delete(f"{FOLDER}/{name}")
    return len(orphans)
