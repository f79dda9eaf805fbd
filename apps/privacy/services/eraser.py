"""The steps of an erasure: table after table, as the registry says, in batches that commit one by one."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import pgtrigger
from django.contrib.sessions.models import Session
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Model, Q

from apps.accounts.models import Guardianship, Invitation, Student, StudentGrant, User
from apps.accounts.queries import sessions_of
from apps.core import ownership
from apps.core.holds import held_files
from apps.core.ownership import Fate, Subject
from apps.private_teaching.models import Teaching
from apps.private_teaching.services import close_open_ones, close_requests_about

BATCH = 500


def close_diary(student_id: UUID, *, now: datetime) -> None:
    """Nobody writes into it or reads it any more, so that nothing comes in behind a finished step.

    Called in a transaction: the lock waits for whoever is just joining, and keeps everybody else out.
    """
    lock_diaries([student_id], now=now)
    Teaching.objects.unended().filter(student=student_id).update(ended_at=now)
    Guardianship.objects.unended().filter(student=student_id).update(ended_at=now)
    StudentGrant.objects.filter(content_object=student_id).delete()
    Student.objects.filter(pk=student_id).update(user=None)
    close_requests_about(student_id=student_id, now=now)


def lock_diaries(student_ids: Collection[UUID], *, now: datetime) -> None:
    """Hold these students, and cancel what waits for an answer: nobody joins meanwhile.

    The students first, as everybody locks who changes a student's invitations: no two wait for each other.
    """
    list(Student.objects.filter(pk__in=student_ids).select_for_update().order_by("pk").values_list("pk"))
    Invitation.objects.filter(
        student__in=student_ids, accepted_at__isnull=True, declined_at__isnull=True, cancelled_at__isnull=True
    ).update(cancelled_at=now)


def close_account(user_id: UUID, *, now: datetime) -> None:
    """Nobody is signed in with it, and nobody can be. Who asked this teacher for lessons need not wait."""
    teacher = User.objects.filter(pk=user_id).first()
    if teacher is not None:
        close_open_ones(teacher=teacher, by=None, now=now)
    User.objects.filter(pk=user_id).update(is_active=False)
    Session.objects.filter(pk__in=sessions_of(user_id)).delete()


def steps(subject: Subject, key: UUID) -> Iterator[str]:
    """Carry out step after step; each is named when it is finished."""
    for table in ownership.in_order():
        for tie in table.ties_of(subject):
            if tie.fate == Fate.DELETED:
                _delete(table.model, partial(tie.of, key))
            elif tie.fate == Fate.EMPTIED:
                _empty(table.model, tie.of(key), tie.emptied)
        yield table.name


def _delete(model: type[Model], rows: Callable[[], Q]) -> None:
    """Delete the rows batch by batch, with their files and with what other tables say of them."""
    while True:
        found = model._base_manager.filter(rows()).order_by("pk")
        keys = list(found.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        delete_rows(model, keys)


def delete_rows(model: type[Model], keys: Sequence[Any]) -> None:
    """Files first: a file without a row would never be found again. No transaction waits for a storage."""
    table = ownership.tables()[model._meta.label_lower]
    delete_files(model, keys, table.files)
    with pgtrigger.ignore(*triggers_of(model)), transaction.atomic():
        ownership.forget(model, keys, gone=True)
        # Not ``delete()``: what still points here was declared by nobody, and the database says so.
        batch = model._base_manager.filter(pk__in=keys)
        batch._raw_delete(batch.db)


def delete_files(model: type[Model], keys: Sequence[Any], files: Mapping[str, Storage]) -> None:
    """The files that these columns of the rows name, but for those that somebody holds: whoever lets go of
    them deletes them."""
    rows = model._base_manager.filter(pk__in=keys).values(*files) if files else ()
    named = [(storage, row[column]) for row in rows for column, storage in files.items() if row[column]]
    staying = held_files({name for _storage, name in named})
    for storage, name in named:
        if name not in staying:
            storage.delete(name)


def _empty(model: type[Model], rows: Q, emptied: Mapping[str, Any]) -> None:
    """Take the columns' values away batch by batch, by key, for an emptied row may still be found."""
    files = ownership.tables()[model._meta.label_lower].files
    going = {column: storage for column, storage in files.items() if column in emptied}
    last: Any = None
    while True:
        found = model._base_manager.filter(rows).order_by("pk")
        if last is not None:
            found = found.filter(pk__gt=last)
        keys = list(found.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        delete_files(model, keys, going)
        with pgtrigger.ignore(*triggers_of(model)), transaction.atomic():
            ownership.forget(model, keys, gone=False)
            model._base_manager.filter(pk__in=keys).update(**emptied)
        last = keys[-1]


def triggers_of(model: type[Model]) -> list[str]:
    """The triggers of the model's table: those that keep revisions, and those that refuse to change them.

    They are switched off for the statements of one transaction of this worker, and for nobody else.
    """
    return [
        f"{owner._meta.label}:{trigger.name}"
        for owner, trigger in pgtrigger.registered()
        if owner._meta.db_table == model._meta.db_table
    ]
