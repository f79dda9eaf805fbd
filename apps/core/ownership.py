"""Whose data each table holds, what its export gives away, and what becomes of it when its owner leaves.

Each app declares its own tables, and the low apps those of the libraries they brought: every column is
exported or withheld with a reason, and every way in which a row belongs to somebody says what an erasure
does to it. A table or column that nobody has thought about is an error of the system check.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.db.models import FileField, Model, Q

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# The model whose rows are diaries; named, because core may not import it.
STUDENT = "accounts.student"


class Subject(StrEnum):
    """Who may ask for their data: a diary (by who decides for it), or a person who signs in."""

    STUDENT = "student"
    PERSON = "person"


class Fate(StrEnum):
    """What an erasure does to a row."""

    DELETED = "deleted"
    EMPTIED = "emptied"
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True)
class Tie:
    """One way in which rows of a table belong to somebody.

    ``path`` is the lookup that ends at the owner's key; where no lookup leads there, ``rows`` makes the
    filter from the key. ``emptied`` holds the columns that lose their value, with what they get.
    ``because`` says why anything stays. ``visible`` narrows an export to what the person who asked
    for it may see.
    """

    subject: Subject
    path: str = ""
    rows: Callable[[UUID], Q] | None = None
    fate: Fate = Fate.DELETED
    emptied: Mapping[str, Any] = field(default_factory=dict)
    because: str = ""
    is_exported: bool = False
    visible: Callable[[Any], Q] | None = None

    def of(self, owner: UUID) -> Q:
        """The filter of this owner's rows."""
        return self.rows(owner) if self.rows is not None else Q(**{self.path: owner})


@dataclass(frozen=True, kw_only=True)
class Table:
    """What is declared of one model. ``derived`` names further values of an export by their lookup.

    ``people`` are those of them that hold a person's key, ``stored`` the columns of text that name a file
    of the default storage, ``trash`` the column that says when a row was deleted by hand. The people whom
    rows of a table with ``strangers`` name are not known by their full names to all who read these rows.
    """

    model: type[Model]
    ties: tuple[Tie, ...]
    exported: tuple[str, ...]
    derived: Mapping[str, str]
    withheld: Mapping[str, str]
    nobodys: str
    before: tuple[str, ...]
    own_title: "str | _StrPromise"
    people: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    trash: str = ""
    strangers: bool = False

    @property
    def files(self) -> dict[str, Storage]:
        """The columns that name files, with the storage in which these lie."""
        fields = self.model._meta.local_concrete_fields
        found = {field.name: field.storage for field in fields if isinstance(field, FileField)}
        return found | dict.fromkeys(self.stored, default_storage)

    @property
    def title(self) -> str:
        """What people call the rows."""
        return str(self.own_title or self.model._meta.verbose_name_plural)

    @property
    def name(self) -> str:
        label: str = self.model._meta.label_lower
        return label

    def ties_of(self, subject: Subject) -> list[Tie]:
        return [tie for tie in self.ties if tie.subject == subject]

    def exported_tie(self, subject: Subject) -> Tie | None:
        return next((tie for tie in self.ties_of(subject) if tie.is_exported), None)


class TableAlreadyDeclared(Exception):
    """Two declarations of one table would be two truths."""


class Forget(Protocol):
    """Told which rows of a model go, or only lose their names; forgets what its own table says of them."""

    def __call__(self, model: type[Model], keys: Collection[Any], *, gone: bool) -> None: ...


_tables: dict[str, Table] = {}
_forgetters: list[Forget] = []


def deleted_with(subject: Subject, path: str = "", **more: Any) -> Tie:
    """The row goes with its owner."""
    return Tie(subject=subject, path=path, **more)


def emptied_with(
    subject: Subject, path: str = "", *, because: str, emptied: Mapping[str, Any], **more: Any
) -> Tie:
    """The row stays, without what names its owner."""
    return Tie(subject=subject, path=path, fate=Fate.EMPTIED, because=because, emptied=emptied, **more)


def kept_with(subject: Subject, path: str, *, because: str, **more: Any) -> Tie:
    return Tie(subject=subject, path=path, fate=Fate.KEPT, because=because, **more)


def declare(
    model: type[Model],
    *ties: Tie,
    exported: str = "",
    derived: Mapping[str, str] | None = None,
    withheld: Mapping[str, str] | None = None,
    nobodys: str = "",
    before: Sequence[str] = (),
    title: "str | _StrPromise" = "",
    people: str = "",
    stored: str = "",
    trash: str = "",
    strangers: bool = False,
) -> None:
    """Declare one table, its columns as words in a string; ``title`` where the model has no name for people.

    ``withheld`` maps a reason to columns, ``*`` being all that are left. ``nobodys`` says why a table
    holds nobody's data; then nothing else is said. ``before`` names tables that must be erased later,
    because rows here are found by what stands there. ``people``, ``stored``, ``trash``, ``strangers``: see
    Table.
    """
    label = model._meta.label_lower
    if label in _tables:
        raise TableAlreadyDeclared(label)
    given = tuple(exported.split())
    rest = [name for name in columns(model) if name not in given]
    reasons: dict[str, str] = {}
    for reason, names in (withheld or {}).items():
        named = [name for name in rest if name not in reasons] if names == "*" else names.split()
        reasons |= dict.fromkeys(named, reason)
    _tables[label] = Table(
        model=model,
        ties=ties,
        exported=given,
        derived=derived or {},
        withheld=reasons,
        nobodys=nobodys,
        before=tuple(before),
        own_title=title,
        people=tuple(people.split()),
        stored=tuple(stored.split()),
        trash=trash,
        strangers=strangers,
    )


def forgets(function: Forget) -> Forget:
    """Register a function that is told of rows before they go."""
    _forgetters.append(function)
    return function


def forget(model: type[Model], keys: Collection[Any], *, gone: bool) -> None:
    """Tell every table that mentions rows by their key, without a foreign key."""
    for function in _forgetters:
        function(model, keys, gone=gone)


def columns(model: type[Model]) -> list[str]:
    """The model's own columns, by field name."""
    return [str(field.name) for field in model._meta.local_concrete_fields]


def tables() -> Mapping[str, Table]:
    return _tables


def in_order() -> list[Table]:
    """Every table before those it points to, so that rows are erased before what leads to their owner."""
    found: list[Table] = []
    seen: set[str] = set()

    def visit(table: Table) -> None:
        if table.name in seen:
            return
        seen.add(table.name)
        for other in sorted(_tables.values(), key=lambda other: other.name):
            if other is not table and table.name in (*_targets(other.model), *other.before):
                visit(other)
        found.append(table)

    for table in sorted(_tables.values(), key=lambda table: table.name):
        visit(table)
    return found


def _targets(model: type[Model]) -> list[str]:
    related = [field.related_model for field in model._meta.local_concrete_fields]
    return [other._meta.label_lower for other in related if other is not None]


def _stored_models() -> list[type[Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def problems() -> list[str]:
    """Whatever is not declared, or declared and not there; empty when the registry is whole."""
    missing = [
        f"{model._meta.label}: nobody has declared whose data this is"
        for model in _stored_models()
        if model._meta.label_lower not in _tables
    ]
    return missing + [problem for table in _tables.values() for problem in _problems_of(table)]


def _problems_of(table: Table) -> Iterator[str]:
    label = table.model._meta.label
    if table.nobodys:
        if table.ties or table.exported or table.withheld:
            yield f"{label}: nobody's data has no owner and no export"
        return
    if not table.ties:
        yield f"{label}: whose data is this?"
    real = columns(table.model)
    for name in real:
        if (name in table.exported) == (name in table.withheld):
            yield f"{label}.{name}: is it exported, or withheld for a reason?"
    for name in {*table.exported, *table.withheld, *table.stored, *table.trash.split()} - set(real):
        yield f"{label}.{name}: there is no such column"
    yield from _ties_that_are_wrong(table)
    yield from _ties_that_are_missing(table)


def _ties_that_are_missing(table: Table) -> Iterator[str]:
    label = table.model._meta.label
    exported = [tie.subject for tie in table.ties if tie.is_exported]
    if (table.exported or table.derived) and not exported:
        yield f"{label}: which tie gives its rows to an export?"
    for subject in Subject:
        if exported.count(subject) > 1:
            yield f"{label}: only one tie of a {subject} can be exported"
    for column in table.model._meta.local_concrete_fields:
        other = _tables.get(column.related_model._meta.label_lower) if column.related_model else None
        if other is None or other is table:
            continue
        for subject in Subject:
            if _goes_with(other, subject) and not table.ties_of(subject):
                yield f"{label}.{column.name}: points to rows of a {subject}, but is not tied to one"


def _goes_with(table: Table, subject: Subject) -> bool:
    """Whether rows of a table belong to a diary, or go with a person: what hangs on them does too."""
    ties = table.ties_of(subject)
    if subject == Subject.STUDENT:
        return any(tie.fate != Fate.KEPT for tie in ties)
    return any(tie.fate == Fate.DELETED for tie in ties)


def _ties_that_are_wrong(table: Table) -> Iterator[str]:
    label = table.model._meta.label
    for tie in table.ties:
        if tie.fate != Fate.DELETED and not tie.because:
            yield f"{label}: why does the row stay when {tie.path} goes?"
        if bool(tie.emptied) != (tie.fate == Fate.EMPTIED):
            yield f"{label}: which columns does {tie.path} empty?"
        for name in set(tie.emptied) - set(columns(table.model)):
            yield f"{label}.{name}: there is no such column to empty"
    people = {settings.AUTH_USER_MODEL.lower(), STUDENT}
    for column in table.model._meta.local_concrete_fields:
        if column.related_model is None or column.related_model._meta.label_lower not in people:
            continue
        if not any(
            tie.path.split("__")[0] == column.name or column.name in tie.emptied for tie in table.ties
        ):
            yield f"{label}.{column.name}: points to a person, and no tie says what becomes of it"
