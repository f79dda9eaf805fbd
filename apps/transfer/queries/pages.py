"""What the pages of an import show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.accounts.models import Student, User
from apps.core.access import allowed
from apps.practice.models import PracticeEntry
from apps.practice.queries.lists import with_lines
from apps.transfer.contents import data_of
from apps.transfer.models import Import, ImportRow
from apps.transfer.verdicts import Verdict

PAGE_SIZE = 50
SHOWN_IMPORTS = 10


@dataclass(frozen=True)
class RowPage:
    rows: list[ImportRow]
    # Behind which number the next page begins.
    next: int | None
    is_first: bool


def row_page(batch: Import, verdict: str, after: str) -> RowPage:
    """Rows with this verdict, or all, in the order of the file. What makes no sense is the beginning."""
    rows = batch.rows.order_by("number")
    if verdict in set(Verdict):
        rows = rows.filter(verdict=verdict)
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 8 else 0
    found = list(rows.filter(number__gt=number)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return RowPage(shown, shown[-1].number if len(found) > PAGE_SIZE else None, is_first=not number)


def sessions_of(user: User, batch: Import, rows: Iterable[ImportRow]) -> dict[int, PracticeEntry]:
    """By row: the session that it became, as it is today, where it is there still and this person may read
    it."""
    keys = {batch.key_of(row.number): row.number for row in rows if row.is_added}
    if not keys:
        return {}
    found = with_lines(allowed(PracticeEntry.objects.filter(pk__in=keys), "view", user))
    return {keys[entry.pk]: entry for entry in found}


def kept_rows(batch: Import) -> list[ImportRow]:
    """Whose sessions stayed when the others were taken away."""
    return list(batch.rows.filter(is_kept=True).order_by("number")[:PAGE_SIZE])


def imports_of(user: User, student: Student) -> list[Import]:
    """The newest that this person may know of."""
    rows = allowed(Import.objects.filter(student=student), "view", user)
    return list(rows.order_by("-created_at", "-pk")[:SHOWN_IMPORTS])


def what_of(content: Mapping[str, Any]) -> tuple[date, int, str] | None:
    """Day, minutes and what was practised, for a line of a list."""
    if not content:
        return None
    titles = ", ".join(line["title"] for line in content["lines"])
    return date.fromisoformat(content["date"]), content["minutes"], titles or content["description"]


def what_became(entry: PracticeEntry) -> tuple[date, int, str] | None:
    """The same of a saved session."""
    return what_of(data_of(entry))
