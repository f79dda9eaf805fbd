"""A table out of a text with separators."""

import csv
import io
from collections.abc import Iterator
from typing import IO

from apps.transfer.safe_cells import unguarded

from .encodings import encoding_of
from .errors import FileHasTooManyRows, FileIsBroken
from .limits import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS
from .tables import Row

SEPARATORS = ",;\t|"
LOOKED_AT = 20
# Of the whole process; nothing else here reads such tables.
csv.field_size_limit(LONGEST_CELL)


class CsvTable:
    """Read anew each time, from the beginning. ``file`` stays the caller's."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._encoding = encoding_of(file)
        self._separator = self._most_fitting()

    def __iter__(self) -> Iterator[Row]:
        """Rows that say something, with their numbers as a spreadsheet shows them."""
        for number, cells in enumerate(self._read(self._separator), start=1):
            if number > MOST_ROWS + 1:
                raise FileHasTooManyRows
            if any(cells):
                yield Row(number, cells)

    def _read(self, separator: str) -> Iterator[list[str]]:
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, self._encoding, newline="")
        try:
            for cells in csv.reader(text, delimiter=separator):
                yield [unguarded(cell.replace("\0", "")).strip() for cell in cells[:MOST_COLUMNS]]
        except (csv.Error, UnicodeError) as error:
            raise FileIsBroken from error
        finally:
            text.detach()

    def _most_fitting(self) -> str:
        """The one that cuts the first rows into the most columns, all of them into as many."""
        return max(SEPARATORS, key=self._fit)

    def _fit(self, separator: str) -> tuple[int, int]:
        widths = []
        rows = self._read(separator)
        try:
            for cells in rows:
                widths.append(len(cells))
                if len(widths) == LOOKED_AT:
                    break
        except FileIsBroken:
            return (0, 0)
        finally:
            rows.close()  # type: ignore[attr-defined]
        if not widths or widths[0] < 2:
            return (0, 0)
        return (sum(width == widths[0] for width in widths), widths[0])
