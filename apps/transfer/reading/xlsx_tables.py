"""A table out of a workbook. Nothing in it is worked out, followed or run."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from apps.transfer.files.writing_xlsx import as_written

from .errors import FileHasTooManyRows, FileIsBroken, FileIsNoTable, FileUnpacksTooLarge
from .tables import MOST_COLUMNS, MOST_ROWS, Row

# What a workbook may become when it is unpacked: all of it, its words, and each part of its frame.
MOST_BYTES = 120 * 1024 * 1024
MOST_SHARED = 30 * 1024 * 1024
MOST_FRAME = 4 * 1024 * 1024
MOST_PARTS = 500
SHARED = "xl/sharedStrings.xml"
STEP = 256 * 1024
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")


class XlsxTable:
    """The first sheet. Its zip is looked at before anything is unpacked; what a part says of its size is also
    what is read of it at most, so that a directory that lies gives a damaged file and no larger one.

    Raises FileUnpacksTooLarge, FileHasTooManyRows, FileIsBroken, FileIsNoTable.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as archive:
                _look_at(archive)
                self.row_count = _count_rows(archive)
        except (
            zipfile.BadZipFile,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise FileIsBroken from error

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        try:
            book = openpyxl.load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
            sheets = book.worksheets
            if not sheets:
                raise FileIsNoTable
            # What the sheet says of its own size is not to be trusted.
            sheets[0].reset_dimensions()
            yield from self._rows(sheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True))
        except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, SyntaxError) as error:
            raise FileIsBroken from error
        except (ValueError, TypeError, AttributeError, IndexError, OverflowError) as error:
            # The library says so in many ways.
            raise FileIsBroken from error

    def _rows(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
        for number, values in enumerate(rows, start=1):
            if number > MOST_ROWS + 1:
                raise FileHasTooManyRows
            cells = [text_of(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield Row(number, cells)


def _look_at(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    sizes = {part.filename: part.file_size for part in parts}
    if "xl/workbook.xml" not in sizes and not any(name.endswith("workbook.xml") for name in sizes):
        raise FileIsNoTable
    if len(parts) > MOST_PARTS or sum(sizes.values()) > MOST_BYTES:
        raise FileUnpacksTooLarge
    if any(size > _most_of(name) for name, size in sizes.items()):
        raise FileUnpacksTooLarge


def _most_of(name: str) -> int:
    """Sheets are read row by row, pictures not at all; all else is held as a whole."""
    if name == SHARED:
        return MOST_SHARED
    is_held = name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/sheet")
    return MOST_FRAME if is_held else MOST_BYTES


def _count_rows(archive: zipfile.ZipFile) -> int:
    """Of the largest sheet, without reading what is in it: too many are refused before anything is parsed."""
    most = 0
    for name in archive.namelist():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        count, rest = 0, b""
        with archive.open(name) as sheet:
            while piece := sheet.read(STEP):
                text = rest + piece
                cut = max(text.rfind(b"<"), 0)
                count += len(_ROW.findall(text[:cut]))
                rest = text[cut:][-200:]
                if count > MOST_ROWS + 1:
                    raise FileHasTooManyRows
        most = max(most, count + len(_ROW.findall(rest)))
    return max(most - 1, 0)


def text_of(value: Any) -> str:
    """What a cell says, as somebody would have typed it; days, times and lengths as ISO 8601 says them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value)
    return as_written(str(value)).replace("\0", "").strip()


def _moment(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        return f"PT{max(round(value.total_seconds()), 0)}S"
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(" ", "seconds")
    return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
