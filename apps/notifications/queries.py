"""What somebody was told, in words of now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery

from apps.accounts.models import User
from apps.core import news
from apps.core.access import allowed
from apps.core.news import Line
from apps.core.pages import Page, keyset_page

from .models import Notification

PAGE = 25
ORDER = ("created_at", "id")


@dataclass(frozen=True)
class Told:
    row: Notification
    line: Line


@dataclass(frozen=True)
class News:
    """``until``: when the newest of all was told, or none; ``is_unread``: whether any of them is new."""

    page: Page[Notification]
    told: list[Told]
    until: datetime | None
    is_unread: bool

    @property
    def newer_url(self) -> str | None:
        return f"?page={self.page.newer}" if self.page.newer else None

    @property
    def older_url(self) -> str | None:
        return f"?page={self.page.older}" if self.page.older else None


def news_of(reader: User, cursor: str | None) -> News:
    """A page of it, the newest first: one query, and those of each kind on the page. What the reader may not
    read any more, and what is gone, is left out."""
    rows = allowed(Notification.objects.all(), "view", reader)
    page = keyset_page(rows, fields=ORDER, cursor=cursor, size=PAGE)
    lines = lines_of(reader, page.rows)
    told = [Told(row, lines[row.pk]) for row in page.rows if row.pk in lines]
    newest = page.rows[0].created_at if page.rows else None
    return News(page, told, newest, any(each.row.read_at is None for each in told))


def lines_of(reader: User, rows: Iterable[Notification]) -> Mapping[UUID, Line]:
    """By the key of the row."""
    kinds: dict[str, dict[UUID, UUID]] = {}
    for row in rows:
        kinds.setdefault(row.kind, {})[row.about] = row.pk
    found: dict[UUID, Line] = {}
    for kind, keys in kinds.items():
        said = news.lines(kind)(reader, list(keys))
        found.update({keys[about]: line for about, line in said.items()})
    return found


def unread_by(reader: User, most: int) -> ArraySubquery:
    """A column of the reader: what they have not read, up to so many."""
    rows = allowed(Notification.objects.filter(read_at__isnull=True), "view", reader)
    return ArraySubquery(rows.values("pk")[:most])
