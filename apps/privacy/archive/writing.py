"""Writing the ZIP: every member is streamed, none is held in memory."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import IO, Any

from django.utils import timezone, translation

from apps.accounts.models import Student, User
from apps.core.days import zone_of

from . import media, pages, spool
from .chapters import Owner, Row, chapters, plain
from .schema import FORMAT, VERSION, schema
from .spool import Part, Spool

# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Called with rows written and rows in all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Copy:
    """What to copy, for whom: ``owners`` are the person, the diaries, or both."""

    reader: User
    owners: Sequence[Owner]
    language: str
    student: Student | None = None


def cell(value: Any) -> str:
    """One cell. Text that a spreadsheet would run begins with an apostrophe, which it shows as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def write(target: IO[bytes], copy: Copy, *, now: datetime, progress: Progress) -> None:
    """Write the whole copy into ``target``, a file that can be sought in."""
    with (
        # Before anything is read: what somebody without a name is called is in the reader's language too.
        translation.override(copy.language),
        timezone.override(zone_of(copy.reader.time_zone)),
        spool.read(
            chapters(copy.owners, copy.reader), copy.reader, beat=lambda rows: progress(0, 0)
        ) as found,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        Writer(archive, found, copy, now, progress).write()


class Writer:
    """The members of one ZIP."""

    def __init__(
        self, archive: zipfile.ZipFile, found: Spool, copy: Copy, now: datetime, progress: Progress
    ) -> None:
        self.archive, self.spool, self.copy, self.now = archive, found, copy, now
        self.progress, self.written = progress, 0

    def write(self) -> None:
        self.member("data.json", self.document())
        self.member("schema.json", [json.dumps(schema(), indent=1).encode()])
        names = self.spool.names()
        there = {part.name for part in self.spool.parts}
        for part in self.spool.parts:
            self.member(f"tables/{part.name}.csv", self.lines(part))
            reader = pages.Reader(part, names, there)
            self.member(pages.file_of(part.name), pages.page(part, self.counted(part), reader))
            self.media(part)
        self.member("index.html", [pages.index(self.spool.parts, self.about())])
        self.member("style.css", [files(__package__).joinpath("style.css").read_bytes()])

    def member(self, name: str, pieces: Iterable[bytes]) -> None:
        with self.archive.open(name, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)

    def media(self, part: Part) -> None:
        """The files that the rows name. One that is not there any more is left out."""
        for storage, name, place in media.files_of(self.spool, part):
            try:
                source = storage.open(name)
            except FileNotFoundError:
                continue
            with source:
                media.copy_file(self.archive, source, place, self.tell)

    def tell(self) -> None:
        self.progress(self.written // 3, self.spool.total)

    def about(self) -> dict[str, Any]:
        student = self.copy.student
        return {"made_at": self.now, "whose": student.name if student else self.copy.reader.get_full_name()}

    def document(self) -> Iterator[bytes]:
        """data.json, row by row."""
        head = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": plain(self.now),
            "requested_by": str(self.copy.reader.pk),
            "student": str(self.copy.student.pk) if self.copy.student else None,
        }
        yield json.dumps(head)[:-1].encode() + b', "tables": {'
        for number, part in enumerate(self.spool.parts):
            yield (b"," if number else b"") + f'\n"{part.name}": ['.encode()
            for place, row in enumerate(self.counted(part)):
                yield (b",\n" if place else b"\n") + json.dumps(row, ensure_ascii=False).encode()
            yield b"]"
        yield b"}}\n"

    def counted(self, part: Part) -> Iterator[Row]:
        """The rows, telling every few hundred how far it is. Each is written three times."""
        for row in self.spool.rows(part):
            self.written += 1
            if self.written % 500 == 0:
                self.tell()
            yield media.placed(part.name, row)

    def lines(self, part: Part) -> Iterator[bytes]:
        """A table as CSV, with a mark in front by which spreadsheets know that it is UTF-8."""
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(part.columns)
        yield b"\xef\xbb\xbf"
        for row in self.counted(part):
            table.writerow([cell(row[name]) for name in part.columns])
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
        yield text.getvalue().encode()
