"""A table of comma-separated values (RFC 4180), piece by piece."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from apps.transfer.records import Cell
from apps.transfer.safe_cells import guarded

# Spreadsheets split at what separates numbers in their language; a German one reads no commas.
SEPARATORS = {"de": ";"}
Rows = Iterable[Sequence[Cell]]


def separator_for(language: str) -> str:
    return SEPARATORS.get(language.partition("-")[0], ",")


class _Echo:
    """``csv.writer`` hands each line to a file; this one hands it back."""

    def write(self, line: str) -> str:
        return line


def csv_pieces(header: Sequence[str], batches: Iterable[Rows], *, separator: str) -> Iterator[bytes]:
    """The first row at once. UTF-8 with a mark at its beginning: without it Excel takes the text for another
    encoding. Each cell stands in quotes, so that no sign of a text begins another cell."""
    writer = csv.writer(_Echo(), delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")

    def line(cells: Sequence[Cell]) -> bytes:
        written: str = writer.writerow([_said(cell) for cell in cells])
        return written.encode()

    yield codecs.BOM_UTF8 + line(header)
    for batch in batches:
        yield b"".join(map(line, batch))


def _said(cell: Cell) -> str:
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
