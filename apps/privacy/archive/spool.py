"""The rows of a copy on the disk, read once from one moment of the database."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import connection, transaction

from apps.accounts.models import Student, User

from .chapters import Chapter, Row, links, people, students

# Names of whoever the rows point to; no tables of ours.
PEOPLE, STUDENTS = "people", "students"


@dataclass
class Part:
    """The rows of one table: where they begin in the spool, and how many there are."""

    name: str
    columns: list[str]
    start: int
    count: int = 0


@dataclass
class Spool(AbstractContextManager["Spool"]):
    """A temporary file without a name, so nothing is left of it when its process dies."""

    file: IO[bytes] = field(default_factory=TemporaryFile)
    parts: list[Part] = field(default_factory=list)

    def __exit__(self, *error: object) -> None:
        self.file.close()

    def add(self, name: str, columns: list[str], rows: Iterator[Row]) -> None:
        part = Part(name, columns, start=self.file.tell())
        for row in rows:
            self.file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            part.count += 1
        self.parts.append(part)

    def rows(self, part: Part) -> Iterator[Row]:
        self.file.seek(part.start)
        for _turn in range(part.count):
            row: Row = json.loads(self.file.readline())
            yield row

    @property
    def total(self) -> int:
        return sum(part.count for part in self.parts)

    def names(self) -> dict[str, str]:
        """Key → name of everybody whom the rows point to."""
        parts = [part for part in self.parts if part.name in (PEOPLE, STUDENTS)]
        return {row["id"]: row["name"] for part in parts for row in self.rows(part)}


# Told that the reading goes on, and how many rows there are so far.
Beat = Callable[[int], None]
BEAT_ROWS = 500


def read(chapters: Sequence[Chapter], reader: User, beat: Beat) -> Spool:
    """Fill a spool from one snapshot, so that no row points to one that came later."""
    spool = Spool()
    named: dict[type[Any], set[str]] = {User: set(), Student: set()}
    strangers: set[str] = set()
    is_ours = not connection.in_atomic_block
    with ThreadPoolExecutor(max_workers=1) as beside, transaction.atomic():
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # The snapshot can write nothing: the lease is kept by a connection of its own.
            beat = _beside(beside, beat)
        for chapter in chapters:
            into = named | {User: strangers} if chapter.table.strangers else named
            spool.add(chapter.name, chapter.columns, _noting(chapter, into, spool, beat))
        spool.add(PEOPLE, ["id", "name"], iter(people(named[User], strangers)))
        spool.add(STUDENTS, ["id", "name"], iter(students(named[Student], reader)))
    return spool


def _beside(beside: ThreadPoolExecutor, beat: Beat) -> Beat:
    def run(count: int) -> None:
        try:
            beat(count)
        finally:
            connection.close()

    return lambda count: beside.submit(run, count).result()


def _noting(chapter: Chapter, named: dict[type[Any], set[str]], spool: Spool, beat: Beat) -> Iterator[Row]:
    """The rows, whose people and students are noted on the way."""
    columns: dict[str, set[str]] = {
        name: keys for model, keys in named.items() for name in links(chapter.table, model)
    }
    before = spool.total
    for number, row in enumerate(chapter.read(), 1):
        if number % BEAT_ROWS == 0:
            beat(before + number)
        for name, keys in columns.items():
            if row[name] is not None:
                keys.add(row[name])
        yield row
