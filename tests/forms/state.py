"""The whole database as one value, so that two ways of getting there can be compared.

What differs between two runs that did the same (new keys, moments, salts) is written as its kind; what
was there before, and every word of a probe, as it is.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.db.models import Field, ForeignKey, Model

PROBE = "Qzprobe"
PROBE_ID = UUID("0badc0de-0000-4000-8000-000000000bad")
PROBE_MOMENT = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
PROBE_DAY = date(2001, 2, 3)
PROBE_TIME = time(4, 5, 6)
UUIDS = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b")
MOMENTS = re.compile(
    r"\d{4}-\d\d-\d\d[T ][\d:.]+(\+00:00|Z)?|\b\d{1,2}(:\d\d)? [ap]\.m\.|\b(midnight|noon)\b"  # a mail's
)
SECRETS = re.compile(r"\b[0-9a-f]{64}\b|(?<=/)[\w-]+:[\w-]+:[\w-]+(?=/)|[0-9a-z]+-[0-9a-z]+-[0-9a-f]{32}")

# The table, then each column with its value.
Row = tuple[str, *tuple[tuple[str, str], ...]]
Rows = Counter[Row]


def models() -> list[type[Model]]:
    """Of every table; the sessions hold a form's way, not what it wrote, and a view of events is no table."""
    left_out = ("django_session", "pghistory_events")
    return [
        model for model in apps.get_models(include_auto_created=True) if model._meta.db_table not in left_out
    ]


@dataclass(frozen=True)
class Known:
    """The keys that were there before, by table; a client-made one is the same word in every table."""

    by_table: frozenset[tuple[str, str]]
    words: frozenset[str]

    def has(self, table: str, key: object) -> bool:
        return (table, str(key)) in self.by_table


def keys_now() -> Known:
    keys = [
        (model._meta.db_table, str(key))
        for model in models()
        for key in model._base_manager.values_list("pk", flat=True)
    ]
    return Known(frozenset(keys), frozenset(key for _table, key in keys if UUIDS.fullmatch(key)))


def snapshot(known: Known) -> Rows:
    """Every row of every table; known keys stand for themselves."""
    return Counter(_row(row, known) for model in models() for row in model._base_manager.all())


def _row(row: Model, known: Known) -> Row:
    fields = [(field.attname, _value(row, field, known)) for field in row._meta.concrete_fields]
    return (row._meta.label, *fields)


def _value(row: Model, field: "Field[Any, Any]", known: Known) -> str:
    value = getattr(row, field.attname)
    if value is None:
        return "nothing"
    if field.primary_key or isinstance(field, ForeignKey):
        table = (field.related_model if isinstance(field, ForeignKey) else type(row))._meta.db_table
        return str(value) if known.has(table, value) or value == PROBE_ID else "a new key"
    if isinstance(value, datetime):
        return "the probe's moment" if value == PROBE_MOMENT else "a moment"
    if field.name in ("password", "secret"):
        return PROBE if value == PROBE or check_password(PROBE, value) else "a password"
    if isinstance(value, dict):
        value = [f"{name}: {each}" for name, each in value.items()]
    return _text("\n".join(map(str, value)) if isinstance(value, list) else str(value), known)


def _text(text: str, known: Known) -> str:
    def kept(match: re.Match[str]) -> str:
        return match[0] if match[0] in known.words or match[0] == str(PROBE_ID) else "KEY"

    return MOMENTS.sub("MOMENT", UUIDS.sub(kept, SECRETS.sub("SECRET", text)))


def difference(plain: Rows, probed: Rows) -> list[str]:
    """Field by field what the second run wrote otherwise; empty when both did the same."""
    missing, more = list((plain - probed).elements()), list((probed - plain).elements())
    if len(missing) != len(more):
        return [*(f"missing: {row}" for row in missing), *(f"more: {row}" for row in more)]
    pairs = zip(sorted(missing, key=str), sorted(more, key=str), strict=True)
    return [
        f"{left[0]}: {was} is now {became}"
        for left, right in pairs
        for was, became in zip(left, right, strict=True)
        if was != became
    ]
