"""What people deleted by hand is kept for a while, for a mistake or a complaint, then it goes for good."""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import SET_NULL, Model

from apps.core import holds, ownership

from . import eraser

logger = logging.getLogger(__name__)

Keys = set[Any]


def purge(*, now: datetime) -> int:
    """Delete what was deleted long enough ago, with all that hangs on it; return how many rows that were.

    Nothing goes that somebody holds, nor what such a row hangs on.
    """
    before = now - timedelta(days=settings.TRASH_DAYS)
    gone = 0
    for table in ownership.in_order():
        if table.trash:
            rows = table.model._base_manager.filter(**{f"{table.trash}__lt": before})
            gone += _purge_table(table.model, rows.order_by("pk").values_list("pk", flat=True).iterator())
    return gone


def _purge_table(model: type[Model], keys: Iterator[Any]) -> int:
    """In batches; what cannot go is logged, and keeps nothing else."""
    gone = 0
    for batch in _batches(keys):
        try:
            free = batch - _held(model, batch)
            _delete(model, free)
        except Exception:
            logger.exception("Rows of %s cannot be purged", model._meta.label)
        else:
            gone += len(free)
    return gone


def _batches(keys: Iterator[Any]) -> Iterator[Keys]:
    every = list(keys)
    for start in range(0, len(every), eraser.BATCH):
        yield set(every[start : start + eraser.BATCH])


def _hanging(model: type[Model]) -> Iterator[tuple[type[Model], str, bool]]:
    """The tables with a column that points to this one, and whether they go with it or only let it go."""
    for table in ownership.in_order():
        for column in table.model._meta.local_concrete_fields:
            other = column.related_model
            if other is not None and other._meta.concrete_model is model and table.model is not model:
                yield (
                    table.model,
                    column.attname,
                    getattr(column.remote_field, "on_delete", None) is not SET_NULL,
                )


def _held(model: type[Model], keys: Collection[Any]) -> Keys:
    """Those that are held themselves, or on which something hangs that is."""
    found = holds.held(model, keys)
    for other, column, goes in _hanging(model):
        below = other._base_manager.filter(**{f"{column}__in": keys}) if goes else other._base_manager.none()
        rows = dict(below.values_list("pk", column))
        found |= {rows[key] for key in (_held(other, rows.keys()) if rows else ())}
    return found


def _delete(model: type[Model], keys: Keys) -> None:
    """What hangs on the rows first, then they."""
    if not keys:
        return
    for other, column, goes in _hanging(model):
        below = other._base_manager.filter(**{f"{column}__in": keys})
        if goes:
            _delete(other, set(below.values_list("pk", flat=True)))
        else:
            below.update(**{column: None})
    eraser.delete_rows(model, list(keys))
