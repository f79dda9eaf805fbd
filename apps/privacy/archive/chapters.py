"""Which rows a copy holds: those that the registry gives to their owner, as far as the reader sees them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Model, Q, QuerySet

from apps.accounts.models import Student, User
from apps.core import access
from apps.core.ownership import Subject, Table, in_order
from apps.private_teaching.queries import teacher_name

CHUNK = 500
Owner = tuple[Subject, UUID]
Row = dict[str, Any]


@dataclass(frozen=True)
class Chapter:
    """One table of the copy, and the filter of its rows."""

    table: Table
    rows: Q

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def columns(self) -> list[str]:
        return columns_of(self.table)

    def read(self) -> Iterator[Row]:
        """The rows as plain values that JSON can carry, the oldest first."""
        model = self.table.model
        columns = {name: F(path) for name, path in self.table.derived.items()}
        found: QuerySet[Any, Row] = model._base_manager.filter(self.rows).values(
            *self.table.exported, **columns
        )
        for row in found.order_by(*ordering(self.table)).iterator(chunk_size=CHUNK):
            yield {name: plain(row[name]) for name in self.columns}


def columns_of(table: Table) -> list[str]:
    return [*table.exported, *table.derived]


def exported_tables() -> list[Table]:
    """Every table that a copy may hold, owners before what they own."""
    return [table for table in reversed(in_order()) if columns_of(table)]


def chapters(owners: Sequence[Owner], reader: User) -> list[Chapter]:
    """The chapters of a copy for this reader. A table that the reader may see nothing of is there, empty."""
    found = []
    for table in exported_tables():
        ties = [(table.exported_tie(subject), owner) for subject, owner in owners]
        filters = [
            tie.of(owner) & (tie.visible(reader) if tie.visible else Q())
            for tie, owner in ties
            if tie is not None
        ]
        if filters:
            rows = filters[0]
            for more in filters[1:]:
                rows |= more
            found.append(Chapter(table, rows))
    return found


def ordering(table: Table) -> list[str]:
    """By the day or moment that a row is about; the key makes it the same every time."""
    dates = (models.DateField, models.DateTimeField)
    fields = [table.model._meta.get_field(name) for name in table.exported]
    moments = [field.name for field in fields if isinstance(field, dates)]
    places = [field.name for field in fields if field.name == "position"]
    return [*moments[:1], *places, "pk"]


def plain(value: Any) -> Any:
    """A value as JSON carries it: moments in UTC with their microseconds, keys and files as text."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def links(table: Table, model: type[Model]) -> list[str]:
    """The exported columns that point to rows of this model, and the derived ones that hold their keys."""
    fields = [table.model._meta.get_field(name) for name in table.exported]
    people = table.people if model is User else ()
    return [*(field.name for field in fields if field.related_model is model), *people]


def people(keys: set[str], strangers: set[str]) -> list[Row]:
    """Those whom the rows name; their rows were visible to the reader, so their names are.

    Of ``strangers`` as much as the pages say: a teacher who was asked and has not said yes.
    """
    users = User.objects.select_related("teacher_profile__published").filter(pk__in=keys | strangers)
    return [
        {"id": str(user.pk), "name": user.get_full_name() if str(user.pk) in keys else teacher_name(user)}
        for user in users.order_by("pk")
    ]


def students(keys: set[str], reader: User) -> list[Row]:
    """The students whom the rows name and whom the reader may still know."""
    known = access.allowed(Student.objects.filter(pk__in=keys), "view", reader).order_by("pk")
    return [{"id": str(student.pk), "name": student.name} for student in known]
