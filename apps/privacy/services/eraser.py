"""The steps of an erasure: table after table, as the registry says, in batches that commit one by one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import pgtrigger
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import FileField, Model, Q

from apps.accounts.models import Student, User
from apps.accounts.queries import sessions_of
from apps.core import ownership
from apps.core.ownership import Fate, Subject
from apps.private_teaching.models import Teaching

BATCH = 500


def close_diary(student_id: UUID, *, now: datetime) -> None:
    """Nobody writes into it any more, so that nothing comes in behind a finished step."""
    Teaching.objects.unended().filter(student=student_id).update(ended_at=now)
    Student.objects.filter(pk=student_id).update(user=None)


def close_account(user_id: UUID) -> None:
    """Nobody is signed in with it, and nobody can be."""
    User.objects.filter(pk=user_id).update(is_active=False)
    Session.objects.filter(pk__in=sessions_of(user_id)).delete()


def steps(subject: Subject, key: UUID) -> Iterator[str]:
    """Carry out step after step; each is named when it is finished."""
    for table in ownership.in_order():
        for tie in table.ties_of(subject):
            if tie.fate == Fate.DELETED:
                _delete(table.model, lambda tie=tie: tie.of(key))
            elif tie.fate == Fate.EMPTIED:
                _empty(table.model, tie.of(key), tie.emptied)
        yield table.name


def _delete(model: type[Model], rows: Any) -> None:
    """Delete the rows batch by batch, with their files and with what other tables say of them."""
    while True:
        with pgtrigger.ignore(*triggers_of(model)), transaction.atomic():
            found = model._base_manager.filter(rows()).order_by("pk")
            keys = list(found.values_list("pk", flat=True)[:BATCH])
            if not keys:
                return
            ownership.forget(model, keys, gone=True)
            _delete_files(model, keys)
            # Not ``delete()``: what still points here was declared by nobody, and the database says so.
            batch = model._base_manager.filter(pk__in=keys)
            batch._raw_delete(batch.db)


def _delete_files(model: type[Model], keys: list[Any]) -> None:
    """Files first: a file without a row would never be found again."""
    names = [field.name for field in model._meta.local_concrete_fields if isinstance(field, FileField)]
    for row in model._base_manager.filter(pk__in=keys).values_list(*names) if names else ():
        for path in filter(None, row):
            default_storage.delete(path)


def _empty(model: type[Model], rows: Q, emptied: Mapping[str, Any]) -> None:
    """Take the columns' values away batch by batch, by key, for an emptied row may still be found."""
    last: Any = None
    while True:
        with pgtrigger.ignore(*triggers_of(model)), transaction.atomic():
            found = model._base_manager.filter(rows).order_by("pk")
            if last is not None:
                found = found.filter(pk__gt=last)
            keys = list(found.values_list("pk", flat=True)[:BATCH])
            if not keys:
                return
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
