"""Statements that are built once and run often.

Django builds the SQL of a queryset anew each time. For an access rule with its subqueries that costs
several times what the database needs to run it. ``Prepared`` builds such a queryset once, with
stand-ins for its parameters, and afterwards only puts the values in.

It refuses whatever it cannot prove: the queryset is built with two sets of stand-ins, both must give
the same SQL, and every value in the SQL's parameters must either be the same in both or be exactly
one stand-in. A clock that the queryset reads by itself differs between the two builds and is refused
too: hand it in, or ask the database with ``Now()``.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)

# Two stand-ins a type and position: values that no row and no constant has.
_STAND_INS: dict[type, Callable[[int], object]] = {
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
    sql: str
    values: tuple[object, ...]
    slots: Mapping[int, str]


class _Run:
    """As much of a queryset as ``ModelIterable`` asks for."""

    def __init__(self, statement: _Statement, values: Mapping[str, object], using: str) -> None:
        self.db = using
        self.query = self
        self._known_related_objects: dict[object, object] = {}
        parameters = tuple(
            values[statement.slots[index]] if index in statement.slots else constant
            for index, constant in enumerate(statement.values)
        )
        compiler = copy.copy(statement.compiler)
        compiler.using, compiler.connection = using, connections[using]
        compiler.as_sql = lambda *args, **kwargs: (statement.sql, parameters)  # type: ignore[method-assign, assignment]
        self._compiler = compiler

    def get_compiler(self, using: str) -> SQLCompiler:
        return self._compiler


class Prepared(Generic[M]):
    """``Prepared(build, student=UUID, today=date)``: call it with the values for a list of rows.

    ``build`` takes the same names and returns a queryset of whole models. Raises CannotBePrepared at
    the first call if the queryset cannot be kept.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], **types: type) -> None:
        self._build = build
        self._types = types
        self._statement: _Statement | None = None

    def __call__(self, **values: object) -> list[M]:
        if self._statement is None:
            self._statement = self._prepare()
        queryset = _Run(self._statement, values, "default")
        return list(ModelIterable(queryset))  # type: ignore[arg-type]

    def _prepare(self) -> _Statement:
        first, second = self._stand_ins(1), self._stand_ins(101)
        compiler, sql, values = self._compile(first)
        _, other_sql, other_values = self._compile(second)
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
        return _Statement(compiler, sql, values, slots)

    def _stand_ins(self, start: int) -> dict[str, object]:
        return {
            name: _STAND_INS[kind](start + offset) for offset, (name, kind) in enumerate(self._types.items())
        }

    def _compile(self, values: Mapping[str, object]) -> tuple[SQLCompiler, str, tuple[object, ...]]:
        compiler = self._build(**values).query.get_compiler(using="default")
        sql, parameters = compiler.as_sql()
        return compiler, sql, tuple(parameters)
