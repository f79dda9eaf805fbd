"""Asking for a copy, making it, letting it go. The row is the truth; a killed worker's copy is made anew."""

import logging
import secrets
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from apps.accounts.models import Student, User
from apps.core import access, jobs
from apps.core.ownership import Subject
from apps.privacy import archive, emails, queries
from apps.privacy.models import UNDER_WAY, Export, ExportState
from apps.private_teaching.permissions import own_ids

from .work import LEASE, TASK, Clock, LeaseIsLost, keep, note, still_ours

logger = logging.getLogger(__name__)

FOLDER = "exports"
MAX_ATTEMPTS = 3
PAUSE = timedelta(minutes=2)
# Copies that one round makes before it looks for other work.
BATCH = 10


class TooManyExports(Exception):
    """This person has had their share of copies for a day."""


@transaction.atomic
def request_export(*, by: User, student: Student | None, now: datetime) -> Export:
    """Ask for a copy of one's own data, or of a diary. One that is under way already is the answer.

    The rows of the person and the diary are the locks of the daily counts, so they fail closed. Raises
    TooManyExports.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = Export.objects.filter(requested_by=by)
    under_way = mine.filter(student=student, state__in=UNDER_WAY).first()
    if under_way is not None:
        return under_way
    same = mine.filter(student=None)
    if student is not None:
        Student.objects.select_for_update(no_key=True).get(pk=student.pk)
        same = Export.objects.filter(student=student)
    today = {"requested_at__gt": now - timedelta(days=1)}
    if (
        mine.filter(**today).count() >= settings.EXPORTS_PER_PERSON_AND_DAY
        or same.filter(**today).count() >= settings.EXPORTS_PER_SUBJECT_AND_DAY
    ):
        raise TooManyExports
    export = Export.objects.create(
        requested_by=by, student=student, language=by.language, requested_at=now, due_at=now
    )
    note("export.requested", export, by, now=now)
    jobs.wake(TASK)
    return export


def run_due(*, clock: Clock) -> int:
    """Delete what has been there long enough and make what is waiting; return how many were made."""
    forget_outlived(now=clock())
    made = 0
    for _turn in range(BATCH):
        export = claim(now=clock())
        if export is None:
            break
        made += _make(export, clock=clock)
    forget_orphans()
    return made


def claim(*, now: datetime) -> Export | None:
    """Take the next one. Each claim names a file of its own, before there is one: a worker that comes late
    can only touch what it wrote itself, and what a killed one left is found by its name that no row has.
    """
    with transaction.atomic():
        due = Export.objects.due(now).order_by("due_at", "pk")
        export = due.select_for_update(skip_locked=True, of=("self",)).first()
        if export is not None:
            export.state, export.lease_until = ExportState.RUNNING, now + LEASE
            export.attempts += 1
            export.rows_done = export.rows_total = 0
            export.path = f"{FOLDER}/{secrets.token_hex(32)}.zip"
            export.save(update_fields=["state", "lease_until", "attempts", "rows_done", "rows_total", "path"])
    return export


def _make(export: Export, *, clock: Clock) -> bool:
    if export.attempts > MAX_ATTEMPTS:
        return _settle(export, ExportState.FAILED, last_error="WorkerDied")
    copy = _copy_of(export)
    if copy is None:
        return _settle(export, ExportState.GONE)

    def progress(done: int, total: int) -> None:
        keep(export, now=clock(), rows_done=done, rows_total=total)

    try:
        with TemporaryFile() as file:
            archive.write(file, copy, now=clock(), progress=progress)
            size = file.tell()
            file.seek(0)
            # Storing a large file takes its time, and nothing can be said meanwhile.
            progress(export.rows_done, export.rows_total)
            saved = default_storage.save(export.path, File(file))
        if _finish(export, saved, size, now=clock()):
            return True
        default_storage.delete(saved)
    except LeaseIsLost:
        pass
    except Exception as error:
        # One copy that cannot be made must not keep the others waiting.
        logger.exception("Export %s cannot be made", export.pk)
        _retry(export, error, now=clock())
    return False


def _copy_of(export: Export) -> archive.Copy | None:
    """What to copy, as the reader's rights are now; none when they have lost them since."""
    reader = export.requested_by
    if not access.is_allowed("view", reader, export):
        return None
    if export.student is not None:
        owners = [(Subject.STUDENT, export.student.pk)]
        return archive.Copy(reader, owners, export.language, export.student)
    diaries: list[tuple[Subject, UUID]] = [(Subject.STUDENT, row["pk"]) for row in own_ids(reader)]
    return archive.Copy(reader, [(Subject.PERSON, reader.pk), *diaries], export.language)


@transaction.atomic
def _finish(export: Export, path: str, size: int, *, now: datetime) -> bool:
    finished = still_ours(export).update(
        state=ExportState.READY,
        lease_until=None,
        path=path,
        size=size,
        ready_at=now,
        expires_at=now + timedelta(days=settings.EXPORT_DAYS),
        last_error="",
    )
    if not finished:
        return False
    export.refresh_from_db()
    note("export.made", export, None, now=now)
    emails.tell_export_is_ready(export=export, now=now)
    return True


def _retry(export: Export, error: Exception, *, now: datetime) -> None:
    code = type(error).__name__
    if export.attempts >= MAX_ATTEMPTS:
        _settle(export, ExportState.FAILED, last_error=code)
        return
    due_at = now + PAUSE * export.attempts
    _settle(export, ExportState.REQUESTED, due_at=due_at, last_error=code)


def _settle(export: Export, state: ExportState, **values: object) -> bool:
    """Give it back without a file, unless it is another worker's by now. The file was this one's alone."""
    still_ours(export).update(state=state, lease_until=None, path="", **values)
    default_storage.delete(export.path)
    return False


def forget_outlived(*, now: datetime) -> int:
    """Delete the files whose time is over, and those whose asker may not have them any more.

    First the file, then the row says so.
    """
    gone = 0
    for export in [*Export.objects.outlived(now), *queries.no_longer_theirs()]:
        default_storage.delete(export.path)
        gone += Export.objects.filter(pk=export.pk, state=ExportState.READY).update(
            state=ExportState.GONE, path="", size=0
        )
    return gone


def forget_orphans() -> int:
    """Delete the files that no row names: of a killed worker, of a diary erased meanwhile, of before a
    restore. Listed before the rows are read, for a row names its file first.
    """
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:  # a disk knows folders, and there was no copy yet
        return 0
    paths = Export.objects.exclude(path="").values_list("path", flat=True)
    named = {PurePosixPath(path).name for path in paths}
    orphans = [name for name in names if name not in named]
    for name in orphans:
        default_storage.delete(f"{FOLDER}/{name}")
    return len(orphans)


def note_download(*, export: Export, by: User, now: datetime) -> None:
    note("export.downloaded", export, by, now=now)
