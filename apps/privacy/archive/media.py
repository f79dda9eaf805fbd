"""The files that rows name: where they lie in the copy, and how they get there."""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import Storage

from apps.core.ownership import Table, tables

from .chapters import Row
from .spool import Part, Spool

FOLDER = "media"
CHUNK = 1024 * 1024
# Megabytes after which it is said again that the work goes on.
BEAT = 16


def storages(table: Table | None) -> dict[str, Storage]:
    """The exported columns that name files, with the storage in which these lie."""
    return {name: found for name, found in table.files.items() if name in table.exported} if table else {}


def place(name: str, column: str, stored: str) -> str:
    """Where a file lies in the copy: below its table and column, under its own name, never above."""
    parts = [part for part in PurePosixPath(stored).parts if part not in ("/", "..", ".")]
    return str(PurePosixPath(FOLDER, name, column, *parts))


def placed(part_name: str, row: Row) -> Row:
    """The row as the copy shows it: its files are where the copy has them."""
    files = storages(tables().get(part_name))
    return row | {column: place(part_name, column, row[column]) for column in files if row[column]}


def files_of(spool: Spool, part: Part) -> Iterator[tuple[Storage, str, str]]:
    """Storage, name there and place in the copy of each file of a table, each once."""
    files = storages(tables().get(part.name))
    seen: set[str] = set()
    for row in spool.rows(part) if files else ():
        for column, storage in files.items():
            target = place(part.name, column, row[column]) if row[column] else ""
            if target and target not in seen:
                seen.add(target)
                yield storage, row[column], target


def copy_file(archive: ZipFile, source: IO[bytes], target: str, beat: Callable[[], None]) -> None:
    """Piece by piece; pictures and recordings are packed already."""
    member = ZipInfo(target)
    member.compress_type = ZIP_STORED
    with archive.open(member, "w", force_zip64=True) as file:
        for number, piece in enumerate(iter(lambda: source.read(CHUNK), b"")):
            if number % BEAT == 0:
                beat()
            file.write(piece)
