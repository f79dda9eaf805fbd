"""The zip that a workbook is, looked through before anything of it is parsed."""

import re
import zipfile
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from .errors import FileHasTooManyRows, FileIsBroken, FileIsNoTable, FileUnpacksTooLarge
from .limits import (
    MOST_BYTES,
    MOST_FRAME,
    MOST_FRAME_SIGNS,
    MOST_PARTS,
    MOST_ROWS,
    MOST_SHARED,
    MOST_SHARED_SIGNS,
    MOST_SIGNS,
    MOST_SIGNS_OF_A_ROW,
    SIGNS_FOR_A_ROW,
    SIGNS_TO_SPARE,
)

STEP = 256 * 1024
# The format knows no other way of packing, and Python unfolds these alone bit by bit.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
IS_ENCRYPTED = 1
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")


def is_sheet(name: str) -> bool:
    """Where sheets lie. One that lies elsewhere may be as large as a part of the frame."""
    return name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml")


def is_shared(name: str) -> bool:
    return name.lower() == "xl/sharedstrings.xml"


@dataclass
class Found:
    """In one part: how many rows, and how many elements begin and end."""

    rows: int = 0
    signs: int = 0


def look_through(archive: zipfile.ZipFile) -> int:
    """The rows of the largest sheet below its first. What says its size in the directory is held to it, and
    what is read by rows is no larger between two of them than a part that is read as a whole.

    Raises FileUnpacksTooLarge, FileHasTooManyRows, FileIsBroken, FileIsNoTable.
    """
    parts = archive.infolist()
    _look_at(parts)
    frame = sheets = most = 0
    for part in parts:
        by_rows = is_sheet(part.filename)
        found = _count(archive, part, by_rows=by_rows)
        if by_rows:
            sheets, most = sheets + found.signs, max(most, found.rows)
            is_too_much = found.signs > SIGNS_TO_SPARE + found.rows * SIGNS_FOR_A_ROW
        elif is_shared(part.filename):
            is_too_much = found.signs > MOST_SHARED_SIGNS
        else:
            frame += found.signs
            is_too_much = frame > MOST_FRAME_SIGNS
        if is_too_much or sheets > MOST_SIGNS:
            raise FileUnpacksTooLarge
    return max(most - 1, 0)


def _look_at(parts: list[zipfile.ZipInfo]) -> None:
    if not any(part.filename.endswith("workbook.xml") for part in parts):
        raise FileIsNoTable
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise FileUnpacksTooLarge
    for part in parts:
        if part.compress_type not in METHODS or part.flag_bits & IS_ENCRYPTED:
            raise FileIsBroken
        if part.file_size > _most_of(part.filename):
            raise FileUnpacksTooLarge


def _most_of(name: str) -> int:
    if is_sheet(name):
        return MOST_BYTES
    return MOST_SHARED if is_shared(name) else MOST_FRAME


def _count(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, by_rows: bool) -> Found:
    found = Found()
    # Since the last row began.
    signs = size = 0
    for text in _pieces(archive, part):
        place = 0
        for row in _ROW.finditer(text) if by_rows else ():
            signs += text.count(b"<", place, row.start())
            size += row.start() - place
            _hold(signs, size)
            signs = size = 0
            place = row.start()
            found.rows += 1
        found.signs += text.count(b"<")
        signs += text.count(b"<", place)
        size += len(text) - place
        if by_rows:
            _hold(signs, size)
        if found.rows > MOST_ROWS + 1:
            raise FileHasTooManyRows
    return found


def _hold(signs: int, size: int) -> None:
    if signs > MOST_SIGNS_OF_A_ROW or size > MOST_FRAME:
        raise FileUnpacksTooLarge


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """What the part holds, cut before an element and never within the name of one. The library reads some
    parts at a stroke and unfolds all that is there, whatever the directory says: a part that goes on behind
    its size is refused."""
    longer = copy(part)
    longer.file_size += 1
    size, rest = 0, b""
    with archive.open(longer) as stream:
        while piece := stream.read(STEP):
            size += len(piece)
            # Of two bytes to a sign, the second is nothing.
            text = rest + piece.replace(b"\0", b"")
            cut = max(text.rfind(b"<"), 0)
            rest = text[cut:]
            if len(rest) > STEP:
                cut, rest = len(text), b""
            yield text[:cut]
    if size != part.file_size:
        raise FileIsBroken
    yield rest
