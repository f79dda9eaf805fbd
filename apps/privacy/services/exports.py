"""Asking for a copy, making it, letting it go. The row is the truth; a killed worker's copy is made anew."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import Student, User
from apps.core import access, audit, jobs
from apps.core.ownership import Subject
from apps.privacy import archive, emails
from apps.privacy.models import UNDER_WAY, Export, ExportState
from apps.privacy.permissions import own_ids

logger = logging.getLogger(__name__)

TASK = "privacy.run_due"
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3
PAUSE = timedelta(minutes=2)
# Copies that one round makes before it looks for other work.
BATCH = 10

Clock = Callable[[], datetime]


class TooManyExports(Exception):
    """This person has had their share of copies for a day."""


class LeaseIsLost(Exception):
    """Another worker makes this copy by now."""


@transaction.atomic
def request_export(*, by: User, student: Student | None, now: datetime) -> Export:
    """Ask for a copy of one's own data, or of a diary. One that is under way already is the answer.

    The person's row is the lock of the daily count, so it fails closed. Raises TooManyExports.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = Export.objects.filter(requested_by=by)
    under_way = mine.filter(student=student, state__in=UNDER_WAY).first()
    if under_way is not None:
        return under_way
    if mine.filter(requested_at__gt=now - timedelta(days=1)).count() >= settings.EXPORTS_PER_PERSON_AND_DAY:
        raise TooManyExports
    export = Export.objects.create(
        requested_by=by, student=student, language=by.language, requested_at=now, due_at=now
    )
    _note("export.requested", export, by, now=now)
    jobs.wake(TASK)
    return export


def _note(action: str, export: Export, by: User | None, *, now: datetime) -> None:
    audit.record(action=action, actor=by, target=export, now=now, student_id=export.student_id)


def run_due(*, clock: Clock) -> int:
    """Make what is waiting and delete what has been there long enough; return how many were made."""
    forget_outlived(now=clock())
    made = 0
    for _turn in range(BATCH):
        export = claim(now=clock())
        if export is None:
            break
        made += _make(export, clock=clock)
    return made


def claim(*, now: datetime) -> Export | None:
    """Take the next one. Its file has a name before there is a file: whatever happens, it is found again."""
    with transaction.atomic():
        due = Export.objects.due(now).order_by("due_at", "pk")
        export = due.select_for_update(skip_locked=True, of=("self",)).first()
        if export is not None:
            export.state, export.lease_until = ExportState.RUNNING, now + LEASE
            export.attempts += 1
            export.rows_done = export.rows_total = 0
            export.path = export.path or f"exports/{secrets.token_hex(32)}.zip"
            export.save(update_fields=["state", "lease_until", "attempts", "rows_done", "rows_total", "path"])
    return export


def _make(export: Export, *, clock: Clock) -> bool:
    if export.attempts > MAX_ATTEMPTS:
        return _fail(export, "WorkerDied")
    copy = _copy_of(export)
    if copy is None:
        return _let_go(export)
    try:
        with TemporaryFile() as file:
            archive.write(
                file,
                copy,
                now=clock(),
                progress=lambda done, total: _tell_progress(export, done, total, now=clock()),
            )
            size = file.tell()
            file.seek(0)
            default_storage.delete(export.path)
            saved = default_storage.save(export.path, File(file))
        return _finish(export, saved, size, now=clock())
    except LeaseIsLost:
        return False
    except Exception as error:
        # One copy that cannot be made must not keep the others waiting.
        logger.exception("Export %s cannot be made", export.pk)
        return _retry(export, error, now=clock())


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


def _still_ours(export: Export) -> "QuerySet[Export]":
    return Export.objects.filter(
        pk=export.pk, state=ExportState.RUNNING, lease_until=export.lease_until, attempts=export.attempts
    )


def _tell_progress(export: Export, done: int, total: int, *, now: datetime) -> None:
    """Show how far it is, and keep the lease. Raises LeaseIsLost."""
    if not _still_ours(export).update(rows_done=done, rows_total=total, lease_until=now + LEASE):
        raise LeaseIsLost
    export.rows_done, export.rows_total, export.lease_until = done, total, now + LEASE


@transaction.atomic
def _finish(export: Export, path: str, size: int, *, now: datetime) -> bool:
    finished = _still_ours(export).update(
        state=ExportState.READY,
        lease_until=None,
        path=path,
        size=size,
        ready_at=now,
        expires_at=now + timedelta(days=settings.EXPORT_DAYS),
        last_error="",
    )
    if not finished:
        default_storage.delete(path)
        return False
    export.refresh_from_db()
    _note("export.made", export, None, now=now)
    emails.tell_export_is_ready(export=export, now=now)
    return True


def _retry(export: Export, error: Exception, *, now: datetime) -> bool:
    if export.attempts >= MAX_ATTEMPTS:
        return _fail(export, type(error).__name__)
    _still_ours(export).update(
        state=ExportState.REQUESTED,
        lease_until=None,
        due_at=now + PAUSE * export.attempts,
        last_error=type(error).__name__,
    )
    return False


def _fail(export: Export, error: str) -> bool:
    default_storage.delete(export.path)
    _still_ours(export).update(state=ExportState.FAILED, lease_until=None, last_error=error)
    return False


def _let_go(export: Export) -> bool:
    default_storage.delete(export.path)
    _still_ours(export).update(state=ExportState.GONE, lease_until=None, path="")
    return False


def forget_outlived(*, now: datetime) -> int:
    """Delete the files whose time is over: first the file, then the row says so."""
    gone = 0
    for export in Export.objects.outlived(now):
        default_storage.delete(export.path)
        gone += Export.objects.filter(pk=export.pk, state=ExportState.READY).update(
            state=ExportState.GONE, path="", size=0
        )
    return gone


def note_download(*, export: Export, by: User, now: datetime) -> None:
    _note("export.downloaded", export, by, now=now)
