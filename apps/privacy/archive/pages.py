"""The readable half of a copy: pages that open from the disk, without a script, in the reader's language."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, DateField, DateTimeField, TimeField, UUIDField
from django.template.loader import render_to_string
from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.ownership import STUDENT, Table, tables

from .chapters import Row
from .spool import PEOPLE, STUDENTS, Part

# Rows that a template renders at once.
PAGE = 100


@dataclass
class Shown:
    """One row as people read it: (label, value, file of the page with the row that is pointed to)."""

    key: str
    title: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)


def file_of(name: str) -> str:
    return f"pages/{name}.html"


def title_of(name: str) -> str:
    if name in (PEOPLE, STUDENTS):
        return _("People whom the rows name") if name == PEOPLE else _("Students whom the rows name")
    title = tables()[name].title
    return title[:1].upper() + title[1:]


def _labels() -> dict[str, str]:
    """Names of columns that no model of ours has a name for."""
    return {
        "pgh_created_at": _("saved at"),
        "pgh_label": _("what happened"),
        "pgh_obj": _("of"),
        "changed_by": _("changed by"),
        "focus_area": _("focus area"),
        "may": _("may do"),
        "name": _("name"),
    }


@dataclass(frozen=True)
class Column:
    """What is known of one column: its label, and how its values are said."""

    label: str
    say: Callable[[Any], str]
    # The page of the rows that it points to.
    target: str = ""
    is_moment: bool = False
    is_key: bool = False
    is_file: bool = False


class Reader:
    """Turns the rows of one table into words."""

    def __init__(self, part: Part, names: dict[str, str], there: set[str]) -> None:
        """``names`` are those of people and students, ``there`` the tables that the copy has pages of."""
        table, labels = tables().get(part.name), _labels()
        self.names = names
        self.columns = {name: _column(table, name, labels, there) for name in part.columns}

    def shown(self, row: Row) -> Shown:
        found = Shown(str(row.get("id") or ""), "")
        for name, value in row.items():
            column = self.columns[name]
            # What says nothing to a reader is in the tables: nothing, "no", keys.
            if value in (None, "", [], {}, False) or column.is_key:
                continue
            is_name = isinstance(value, str) and value in self.names
            words = self.names[value] if is_name else column.say(value)
            found.title = found.title or (words if column.is_moment else "")
            link = f"{column.target}#{value}" if column.target and not is_name else ""
            if column.is_file:
                words, link = PurePosixPath(value).name, f"../{quote(value)}"
            found.lines.append((column.label, words, link))
        return found


def _column(table: Table | None, name: str, labels: dict[str, str], there: set[str]) -> Column:
    field: Any = None
    if table is not None and name not in table.derived:
        field = table.model._meta.get_field(name)
    words = labels.get(name) or str(getattr(field, "verbose_name", name))
    label = words[:1].upper() + words[1:]
    if field is None:
        return Column(label, str)
    if field.related_model is not None:
        target = field.related_model._meta.label_lower
        is_person = target in (settings.AUTH_USER_MODEL.lower(), STUDENT)
        if target in there:
            return Column(label, lambda value: _("see there"), target=f"{target}.html")
        return Column(label, str, is_key=not is_person)
    if table is not None and name in table.files:
        return Column(label, str, is_file=True)
    if isinstance(field, UUIDField) or field.primary_key:
        return Column(label, str, is_key=True)
    return Column(label, _way_to_say(field), is_moment=isinstance(field, DateField))


def _way_to_say(field: Any) -> Callable[[Any], str]:
    if field.flatchoices:
        choices = {value: str(words) for value, words in field.flatchoices}
        return lambda value: choices.get(value, str(value))
    return next((say for kind, say in WAYS if isinstance(field, kind)), str)


# A moment is a kind of day to Django, so it stands before it.
WAYS: tuple[tuple[type[Any], Callable[[Any], str]], ...] = (
    (ArrayField, ", ".join),
    (BooleanField, lambda value: _("yes") if value else _("no")),
    (DateTimeField, lambda value: date_format(localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")),
    (DateField, lambda value: date_format(date.fromisoformat(value))),
    (TimeField, lambda value: time_format(time.fromisoformat(value))),
)


def render(name: str, context: dict[str, Any]) -> bytes:
    return render_to_string(f"privacy/archive/{name}.html", {"language": get_language(), **context}).encode()


def page(part: Part, rows: Iterable[Row], reader: Reader) -> Iterator[bytes]:
    """The page of one table, piece by piece."""
    yield render("_head", {"title": title_of(part.name), "count": part.count, "root": "../"})
    batch: list[Shown] = []
    for row in rows:
        batch.append(reader.shown(row))
        if len(batch) == PAGE:
            yield render("_rows", {"rows": batch})
            batch = []
    yield render("_rows", {"rows": batch})
    yield render("_foot", {})


def index(parts: list[Part], about: dict[str, Any]) -> bytes:
    """The first page: whose data it is, from when, and what is in the copy."""
    listed = [(title_of(part.name), part.count, file_of(part.name), part.name) for part in parts]
    return render("index", {"parts": listed, **about})
