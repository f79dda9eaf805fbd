"""Which kind of file it is, by what is in it: what it is called proves nothing."""

from typing import IO

from .csv_tables import CsvTable
from .errors import FileIsAnOldWorkbook, FileIsEmpty, FileIsNoTable
from .tables import Row
from .xlsx_tables import XlsxTable

Table = CsvTable | XlsxTable
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"<!DOCTYPE", b"<html", b'{"', b"Rar!", b"7z\xbc")


def open_table(file: IO[bytes]) -> Table:
    """Raises FileIsNotPossible."""
    file.seek(0)
    begin = file.read(16)
    if not begin:
        raise FileIsEmpty
    if begin.startswith(ZIP):
        return XlsxTable(file)
    if begin.startswith(OLE):
        raise FileIsAnOldWorkbook
    if begin.startswith(NO_TABLES):
        raise FileIsNoTable
    return CsvTable(file)


def first_rows(table: Table, count: int) -> list[Row]:
    """The names of the columns and some rows below them. Raises FileIsNotPossible."""
    found = []
    for row in table:
        found.append(row)
        if len(found) == count:
            break
    if len(found) < 2:
        raise FileIsEmpty
    return found


def count_rows(table: Table) -> int:
    """Below the names of the columns. Of a workbook, those that its sheet has, empty ones among them.

    Raises FileHasTooManyRows before all are read.
    """
    if isinstance(table, XlsxTable):
        return table.row_count
    return max(sum(1 for _row in table) - 1, 0)
