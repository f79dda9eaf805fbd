"""The JSON schema of a copy, made of the same declarations as the copy. docs/ holds it for everybody."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .chapters import exported_tables
from .spool import PEOPLE, STUDENTS

FORMAT, VERSION = "woodshed-export", 1
TYPES: tuple[tuple[type[Any], dict[str, Any]], ...] = (
    (models.BooleanField, {"type": "boolean"}),
    (models.IntegerField, {"type": "integer"}),
    (models.UUIDField, {"type": "string", "format": "uuid"}),
    (models.DateTimeField, {"type": "string", "format": "date-time"}),
    (models.DateField, {"type": "string", "format": "date"}),
    (models.TimeField, {"type": "string", "format": "time"}),
)


def _column(field: Any) -> dict[str, Any]:
    """What a value of this column looks like; a link looks like the key that it points to."""
    target = field
    while target.related_model is not None:
        target = target.target_field
    if isinstance(target, ArrayField):
        return {"type": "array", "items": _column(target.base_field)}
    shape = next((dict(shape) for kind, shape in TYPES if isinstance(target, kind)), {"type": "string"})
    return _or_null(shape) if field.null else shape


def _or_null(shape: dict[str, Any]) -> dict[str, Any]:
    return shape | {"type": [shape["type"], "null"]}


def _rows(properties: dict[str, Any]) -> dict[str, Any]:
    row = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"type": "array", "items": row}


def schema() -> dict[str, Any]:
    """A copy holds the tables that its owner has a part in; each row has all columns of its table."""
    tables = {
        table.name: _rows(
            {name: _column(table.model._meta.get_field(name)) for name in table.exported}
            | {name: _or_null({"type": "string"}) for name in table.derived}
        )
        for table in sorted(exported_tables(), key=lambda table: table.name)
    }
    key = {"type": "string", "format": "uuid"}
    for name in (PEOPLE, STUDENTS):
        tables[name] = _rows({"id": key, "name": {"type": "string"}})
    head = {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "made_at": {"type": "string", "format": "date-time"},
        "requested_by": key,
        "student": _or_null(key),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Woodshed export",
        "type": "object",
        "properties": head
        | {"tables": {"type": "object", "properties": tables, "additionalProperties": False}},
        "required": [*head, "tables"],
        "additionalProperties": False,
    }
