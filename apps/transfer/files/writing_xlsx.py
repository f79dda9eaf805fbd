"""A workbook of Office Open XML (ECMA-376), piece by piece.

The libraries for workbooks write the last row before the first byte can leave; what somebody waits for, and
what lies on the disk meanwhile, grows with the diary. An export needs little of the format: one table,
text, numbers and days. Its parts go into the zip in the order in which they can be written, so the first
bytes leave with the first rows and nothing is ever kept. ``openpyxl`` reads it back in the tests.

Text is written as text, never as a formula, whatever it begins with; such a cell is also marked as quoted,
so that it stays text when somebody edits it.
"""

import io
import re
import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import date
from itertools import count
from xml.sax.saxutils import escape

from apps.transfer.records import Cell
from apps.transfer.safe_cells import is_risky

from .writing_csv import Rows

# What one sheet of a workbook holds.
MOST_ROWS = 1_048_576
# Before this day spreadsheets count a day that never was: such a day is written as text.
FIRST_DAY, DAY_ZERO = date(1900, 3, 1), date(1899, 12, 30)
PLAIN, DAY, HEAD, QUOTED = range(4)
# Of what XML cannot hold, and of what reads like its stand-in.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_STAND_IN = re.compile("_x([0-9A-Fa-f]{4})_")
_LETTERS = [chr(65 + number) for number in range(26)]

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XF = '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0"{}/>'
# In the order of PLAIN, DAY, HEAD, QUOTED.
_LOOKS = "".join(
    _XF.format(*look)
    for look in [
        (0, 0, ""),
        (164, 0, ' applyNumberFormat="1"'),
        (0, 1, ' applyFont="1"'),
        (49, 0, ' quotePrefix="1" applyNumberFormat="1"'),
    ]
)
_FONT = '<sz val="11"/><name val="Calibri"/>'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    f'<fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="4">{_LOOKS}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class _Outgoing(io.RawIOBase):
    """What the zip has written and nobody has taken yet; it cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found = b"".join(self._parts)
        self._parts.clear()
        return found


def xlsx_pieces(header: Sequence[str], batches: Iterable[Rows], *, title: str) -> Iterator[bytes]:
    """``title`` names the sheet. What one sheet cannot hold goes on in another."""
    outgoing = _Outgoing()
    with zipfile.ZipFile(outgoing, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr("xl/styles.xml", _STYLES)
        rows = (row for batch in batches for row in [*batch, None])
        sheets = 0
        is_more = True
        while is_more:
            sheets += 1
            is_more = yield from _sheet(archive, outgoing, sheets, header, rows)
        for name, part in _frame(sheets, title).items():
            archive.writestr(name, part)
    yield outgoing.taken()


def _sheet(
    archive: zipfile.ZipFile,
    outgoing: _Outgoing,
    number: int,
    header: Sequence[str],
    rows: Iterator[Sequence[Cell] | None],
) -> Generator[bytes, None, bool]:
    """One sheet; whether there is more than it holds. ``None`` among the rows: what there is can leave."""
    with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
        sheet.write(
            f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1"'
            ' topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
            f"{_row(1, header, HEAD)}".encode()
        )
        yield outgoing.taken()
        numbers = count(2)
        is_full = False
        for row in rows:
            if row is None:
                yield outgoing.taken()
                continue
            place = next(numbers)
            sheet.write(_row(place, row).encode())
            if place == MOST_ROWS:
                is_full = True
                break
        sheet.write(b"</sheetData></worksheet>")
    return is_full


def _row(number: int, cells: Sequence[Cell], style: int = PLAIN) -> str:
    drawn = (_cell(f"{_LETTERS[place]}{number}", cell, style) for place, cell in enumerate(cells))
    return f'<row r="{number}">{"".join(drawn)}</row>'


def _cell(place: str, cell: Cell, style: int) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, int):
        return f'<c r="{place}"><v>{cell}</v></c>'
    if isinstance(cell, date) and cell >= FIRST_DAY:
        return f'<c r="{place}" s="{DAY}"><v>{(cell - DAY_ZERO).days}</v></c>'
    text = cell.isoformat() if isinstance(cell, date) else cell
    drawn = QUOTED if is_risky(text) else style
    return (
        f'<c r="{place}" s="{drawn}" t="inlineStr"><is><t xml:space="preserve">{escape(stood_in(text))}</t>'
        "</is></c>"
    )


def stood_in(text: str) -> str:
    """Signs that XML cannot hold, or changes (a carriage return), by their stand-ins."""
    return _NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def as_written(text: str) -> str:
    """The way back. Half a sign, which no text can hold, stays a stand-in."""
    return _STAND_IN.sub(lambda found: found[0] if _is_half(found[1]) else chr(int(found[1], 16)), text)


def _is_half(code: str) -> bool:
    return 0xD800 <= int(code, 16) <= 0xDFFF


def _frame(sheets: int, title: str) -> dict[str, str]:
    """The parts that say what the others are."""
    numbers = range(1, sheets + 1)
    name = escape(title[:25], {'"': "&quot;"})
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_OFFICE}.worksheet+xml"/>'
        for number in numbers
    )
    listed = "".join(
        f'<sheet name="{name}{f" {number}" if number > 1 else ""}" sheetId="{number}" r:id="rId{number}"/>'
        for number in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
        ' ContentType="application/xml"/><Override PartName="/xl/workbook.xml"'
        f' ContentType="{_OFFICE}.sheet.main+xml"/><Override PartName="/xl/styles.xml"'
        f' ContentType="{_OFFICE}.styles+xml"/>{parts}</Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId{sheets + 1}" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
    }
