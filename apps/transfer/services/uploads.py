"""A file comes in: what it is, what its columns seem to mean, and where it lies for the time being."""

import secrets
from datetime import datetime, timedelta
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from apps.accounts.models import Student, User
from apps.core import audit
from apps.core.models import AuditEvent
from apps.practice.forms import PRIVATE
from apps.transfer.importers import OWN, importer_for
from apps.transfer.models import Import
from apps.transfer.models.imports import LONGEST_NAME
from apps.transfer.reading.opening import count_rows, first_rows, open_table

from .diaries import hold
from .errors import TooManyImports

FOLDER = "imports"
# The names of the columns and what is shown below them.
SAMPLES = 6
LONGEST_SAMPLE = 80


def begin_import(*, student: Student, by: User, name: str, file: IO[bytes], now: datetime) -> Import:
    """Read the beginning of the file and keep all of it until it is through, or a day.

    Raises FileIsNotPossible, TooManyImports, CollectionIsOff.
    """
    _hold_to_share(student, now)
    table = open_table(file)
    rows = first_rows(table, SAMPLES)
    count = count_rows(table)
    headings = rows[0].cells
    importer = importer_for(headings)
    path = f"{FOLDER}/{secrets.token_hex(32)}"
    file.seek(0)
    with transaction.atomic():
        # The student's row is the lock of the daily count.
        hold(student.pk)
        _hold_to_share(student, now)
        batch = Import.objects.create(
            student=student,
            uploaded_by=by,
            file_name=name[-LONGEST_NAME:],
            path=path,
            importer=importer.key,
            samples=[[cell[:LONGEST_SAMPLE] for cell in row.cells] for row in rows],
            mapping=importer.mapping(headings),
            options={
                "unit": importer.unit_of(headings),
                "doubles": importer.doubles,
                # Years of notes, and what is shared stays so: whoever wants it read says so. Our own files
                # say it of each row.
                "audience": "" if importer.key == OWN else PRIVATE,
            },
            row_count=count,
            created_at=now,
        )
        audit.record(
            action="import.begun", actor=by, target=batch, now=now, student_id=student.pk, rows=count
        )
    # A file that no row names would be deleted; one that never came is asked for again.
    default_storage.save(path, File(file))
    return batch


def _hold_to_share(student: Student, now: datetime) -> None:
    """Asked before a file costs anything, and again behind the lock. Files that were dropped since have had
    their turn: the audit knows them still. Raises TooManyImports."""
    begun = AuditEvent.objects.filter(
        student_id=student.pk, action="import.begun", at__gt=now - timedelta(days=1)
    )
    if begun.count() >= settings.IMPORTS_PER_DIARY_AND_DAY:
        raise TooManyImports
