"""Keyset pages: the next page starts after the last row seen, so page 4,000 costs what page 1 costs."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page. The cursors are None where nothing lies beyond."""

    rows: list[M]
    newer: str | None
    older: str | None


def _encode(direction: str, values: Sequence[Any]) -> str:
    raw = json.dumps([direction, *(str(value) for value in values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", model._meta.get_field(name))


def _decode(cursor: str, model: type[Model], fields: Sequence[str]) -> tuple[str, list[Any]] | None:
    """The cursor's direction and values, or None for anything that is not one of our cursors."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        direction, *values = raw
        if direction not in ("newer", "older") or len(values) != len(fields):
            return None
        parsed = [_parse(_field(model, name), value) for name, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        return None
    return direction, parsed


def _parse(field: "Field[Any, Any]", value: object) -> Any:
    """What the database will compare with. Raises ValueError for what it would choke on."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    parsed = field.to_python(value)
    if isinstance(parsed, datetime):
        if parsed.tzinfo is None:
            raise ValueError(value)
        return parsed.astimezone(UTC)
    return parsed


def is_cursor(text: str, model: type[Model], fields: Sequence[str]) -> bool:
    """Whether a page of these fields may have written this; what is not ours leads to the first page."""
    return _decode(text, model, fields) is not None


def _values(row: Model, fields: Sequence[str]) -> list[Any]:
    return [getattr(row, name) for name in fields]


def _beyond(fields: Sequence[str], values: Sequence[Any], lookup: str) -> Q:
    """The row comparison ``(a, b, c) < (x, y, z)`` in a form that the planner can start an index at."""
    first = Q(**{f"{fields[0]}__{lookup}e": values[0]})
    strict = Q()
    for index, name in enumerate(fields):
        equal = Q(**dict(zip(fields[:index], values[:index], strict=True)))
        strict |= equal & Q(**{f"{name}__{lookup}": values[index]})
    return first & strict


def after(queryset: QuerySet[M], *, fields: Sequence[str], last: M | None) -> QuerySet[M]:
    """What comes behind this row, ascending by ``fields`` (unique together); from the first on for None."""
    if last is not None:
        queryset = queryset.filter(_beyond(fields, _values(last, fields), "gt"))
    return queryset.order_by(*fields)


def first_page(rows: list[M], *, fields: Sequence[str], size: int) -> Page[M]:
    """The newest page from rows in order; there is an older one if they are more than ``size``."""
    shown = rows[:size]
    older = _encode("older", _values(shown[-1], fields)) if len(rows) > size else None
    return Page(rows=shown, newer=None, older=older)


def keyset_page(queryset: QuerySet[M], *, fields: Sequence[str], cursor: str | None, size: int) -> Page[M]:
    """Cut a page out of the queryset, ordered descending by ``fields`` (unique together).

    A cursor that is not ours is as good as none: the first page, never an error.
    """
    position = _decode(cursor, queryset.model, fields) if cursor else None
    backwards = position is not None and position[0] == "newer"
    if position is not None:
        queryset = queryset.filter(_beyond(fields, position[1], "gt" if backwards else "lt"))
    queryset = queryset.order_by(*(name if backwards else f"-{name}" for name in fields))
    rows = list(queryset[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
        if not rows:
            return keyset_page(queryset.model._default_manager.none(), fields=fields, cursor=None, size=size)
    has_newer = (position is not None and not backwards) or (backwards and more)
    has_older = more if not backwards else True
    return Page(
        rows=rows,
        newer=_encode("newer", _values(rows[0], fields)) if rows and has_newer else None,
        older=_encode("older", _values(rows[-1], fields)) if rows and has_older else None,
    )
