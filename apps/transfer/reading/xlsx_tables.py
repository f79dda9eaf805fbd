"""A table out of a workbook. Nothing in it is worked out, followed or run."""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS, WORKSHEET_TYPE

from apps.transfer.files.writing_xlsx import as_written

from .archives import is_shared, is_sheet, look_through
from .errors import FileHasTooManyRows, FileIsBroken, FileIsNoTable, FileUnpacksTooLarge
from .limits import LONGEST_CELL, MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from .tables import Row

# The libraries say in many ways that something is not as it should be.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


class XlsxTable:
    """The first sheet. Its zip is looked through before anything is parsed.

    Raises FileUnpacksTooLarge, FileHasTooManyRows, FileIsBroken, FileIsNoTable.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as archive:
                self.row_count = look_through(archive)
        except DAMAGED as error:
            raise FileIsBroken from error

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        try:
            sheet = _Book(self._file).first_sheet()
            yield from self._rows(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
        except DAMAGED as error:
            raise FileIsBroken from error

    def _rows(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
        size = 0
        for number, values in enumerate(rows, start=1):
            if number > MOST_ROWS + 1:
                raise FileHasTooManyRows
            # A word that is written down once may stand in every cell.
            size += sum(len(value) for value in values if isinstance(value, str))
            if size > MOST_BYTES:
                raise FileUnpacksTooLarge
            cells = [text_of(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield Row(number, cells)


class _Sheet(ReadOnlyWorksheet):
    """What it says of its size is not to be trusted, and not looked for: that may be at its end."""

    def _get_size(self) -> None:
        pass


class _Book(ExcelReader):
    """As much of a workbook as its first sheet needs: the library reads all of its sheets, some of them as a
    whole, and as often as they are named."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, read_only=True, data_only=True, keep_links=False)

    def first_sheet(self) -> ReadOnlyWorksheet:
        self.read_manifest()
        self._hold_to_places()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        for sheet, rel in self.parser.find_sheets():
            if rel.target in self.valid_files and "chartsheet" not in rel.Type:
                if is_shared(rel.target):
                    raise FileIsBroken
                return _Sheet(self.wb, sheet.name, rel.target, self.shared_strings)
        raise FileIsNoTable

    def _hold_to_places(self) -> None:
        """A part's place has decided how large it may be; the library goes by what it is said to be."""
        for part in self.package.Override:
            name = part.PartName.removeprefix("/")
            if is_sheet(name) and part.ContentType != WORKSHEET_TYPE:
                raise FileIsBroken
            if is_shared(name) != (part.ContentType == SHARED_STRINGS):
                raise FileIsBroken


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
    text = str(value)
    if len(text) > LONGEST_CELL:
        raise FileIsBroken
    return as_written(text).replace("\0", "").strip()


def _moment(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        return f"PT{max(round(value.total_seconds()), 0)}S"
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(" ", "seconds")
    return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
