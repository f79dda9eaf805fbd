"""Statements that are built once, planned once and run often.

Django builds the SQL of a queryset anew each time, and PostgreSQL plans it anew each time. For an access
rule with its subqueries either costs several times what it takes to run it. ``Prepared`` builds such a
queryset once, with stand-ins for its parameters, and afterwards only puts the values in; the database
keeps the plan for as long as the connection lasts (a prepared statement, PREPARE in its manual).

It refuses whatever it cannot prove: the queryset is built with two sets of stand-ins, both must give
the same SQL, and every value in the SQL's parameters must either be the same in both or be exactly
one stand-in. A clock that the queryset reads by itself differs between the two builds and is refused
too: hand it in, or ask the database with ``Now()``. A day that it reads by itself is the same in both,
and would stay what it was when the process began; the tests build everything a second time a year later.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.postgresql import base
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
# Exists with psycopg 3 only; the stubs describe psycopg 2.
_ServerBindingCursor: Any = base.ServerBindingCursor

# Two stand-ins a type and position: values that no row and no constant has.
_STAND_INS: dict[type, Callable[[int], object]] = {
    str: lambda number: f"no row says {number}",
    UUID: lambda number: UUID(int=0xF00D_0000_0000_0000_0000_0000_0000_0000 + number),
    date: lambda number: date(8000 + number, 3, 7),
    datetime: lambda number: datetime(8000 + number, 3, 7, tzinfo=UTC),
}


class CannotBePrepared(Exception):
    """The queryset's SQL depends on more than its parameters' values."""


@dataclass(frozen=True)
class _Statement:
    """What is kept of a built queryset: its compiler, its SQL, and where the values go."""

    compiler: SQLCompiler
    # How Django makes rows of what the database answers: whole models, or dicts after ``values()``.
    rows: Any
    sql: str
    values: tuple[object, ...]
    slots: Mapping[int, str]


@dataclass(frozen=True)
class _Sent:
    """What Django's query log asks a cursor for."""

    query: bytes


class _PreparingCursor(_ServerBindingCursor):
    """Sends statement and values apart, which is what lets the database keep the statement."""

    def execute(self, query: str, params: Any = None) -> Any:
        try:
            return super().execute(query, params)
        finally:
            # psycopg forgets what it sent once a statement is prepared.
            self._query = _Sent(query.encode())


class _PreparingConnection:
    """The connection, except that its cursors prepare (setting ``prepare_threshold``).

    Query logs and execute wrappers see such a cursor as any other.
    """

    def __init__(self, connection: Any) -> None:
        self._wrapped = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)

    def cursor(self) -> Any:
        # As Django's own: the first statement of a request looks whether the connection is still there.
        self._wrapped.close_if_health_check_failed()
        self._wrapped.ensure_connection()
        with self._wrapped.wrap_database_errors:
            return self._wrapped._prepare_cursor(_PreparingCursor(self._wrapped.connection))


class _Run:
    """As much of a queryset and its query as Django's row iterators ask for."""

    def __init__(self, statement: _Statement, values: Mapping[str, object], using: str) -> None:
        self.db = using
        self.query = self
        self.selected = statement.compiler.query.selected
        self._known_related_objects: dict[object, object] = {}
        parameters = tuple(
            values[statement.slots[index]] if index in statement.slots else constant
            for index, constant in enumerate(statement.values)
        )
        compiler: Any = copy.copy(statement.compiler)
        compiler.using, compiler.connection = using, _PreparingConnection(connections[using])
        compiler.as_sql = lambda *args, **kwargs: (statement.sql, parameters)
        self._compiler: SQLCompiler = compiler

    def get_compiler(self, using: str) -> SQLCompiler:
        return self._compiler


class Prepared(Generic[Row]):
    """``Prepared(build, student=UUID, today=date)``: call it with the values for a list of rows.

    ``build`` takes the same names and returns a queryset of whole models or of ``values()``; one that can
    have no rows has none. Raises CannotBePrepared at the first call if the queryset cannot be kept.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **types: type) -> None:
        self._build = build
        self._types = types
        self._statement: _Statement | None = None

    def __call__(self, **values: object) -> list[Row]:
        if self._statement is None:
            try:
                self._statement = self._prepare()
            except EmptyResultSet:
                return []
        return list(self._statement.rows(_Run(self._statement, values, "default")))

    def _prepare(self) -> _Statement:
        first, second = self._stand_ins(1), self._stand_ins(101)
        queryset = self._build(**first)
        compiler, sql, values = self._compile(queryset)
        _, other_sql, other_values = self._compile(self._build(**second))
        if sql != other_sql or len(values) != len(other_values):
            raise CannotBePrepared("the SQL depends on the values")
        slots: dict[int, str] = {}
        for index, (one, other) in enumerate(zip(values, other_values, strict=True)):
            if type(one) is type(other) and one == other:
                continue
            names = [name for name in first if one == first[name] and other == second[name]]
            if len(names) != 1:
                raise CannotBePrepared(f"parameter {index} is neither a constant nor one value")
            slots[index] = names[0]
        if missing := set(first) - set(slots.values()):
            raise CannotBePrepared(f"not in the SQL: {', '.join(sorted(missing))}")
        return _Statement(compiler, queryset._iterable_class, sql, values, slots)

    def _stand_ins(self, start: int) -> dict[str, object]:
        return {
            name: _STAND_INS[kind](start + offset) for offset, (name, kind) in enumerate(self._types.items())
        }

    def _compile(self, queryset: QuerySet[Any, Row]) -> tuple[SQLCompiler, str, tuple[object, ...]]:
        compiler = queryset.query.get_compiler(using="default")
        sql, parameters = compiler.as_sql()
        return compiler, sql, tuple(parameters)
