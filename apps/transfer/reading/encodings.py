"""In which encoding a text was written."""

import codecs
from typing import IO

from charset_normalizer import from_bytes

from .errors import FileIsNoTable

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# How much is looked at for what has no mark and is no UTF-8.
LOOKED_AT = 64 * 1024
STEP = 256 * 1024
WESTERN = "cp1252"


def encoding_of(file: IO[bytes]) -> str:
    """By its mark; else UTF-8 if all of it is; else UTF-16 where every other byte is nothing; else what a
    kept library takes it for among the encodings of one byte. Raises FileIsNoTable for what is no text.
    """
    file.seek(0)
    begin = file.read(LOOKED_AT)
    for mark, name in MARKS.items():
        if begin.startswith(mark):
            return name
    wide = _wide(begin) if b"\0" in begin else ""
    if wide:
        return wide
    if _is_utf_8(file):
        return "utf-8"
    if b"\0" in begin:
        raise FileIsNoTable
    return _one_byte(begin)


def _is_utf_8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(STEP):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _wide(begin: bytes) -> str:
    """Text of Latin letters in UTF-16 without a mark: zeros stand in the odd places, or in the even ones.
    Nothing where a zero only got into some other text."""
    even, odd = begin[::2].count(0), begin[1::2].count(0)
    half = len(begin) // 2
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return ""


def _one_byte(begin: bytes) -> str:
    """Western, as most such files are, unless the library is sure of another."""
    if sum(byte < 9 or 13 < byte < 32 for byte in begin) > len(begin) * 0.01:
        raise FileIsNoTable
    best = from_bytes(begin, cp_isolation=[WESTERN, "iso8859_15", "cp1250", "cp1251", "mac_roman"]).best()
    try:
        begin.decode(WESTERN)
    except UnicodeDecodeError:
        if best is None:
            raise FileIsNoTable from None
        return best.encoding
    return best.encoding if best is not None and best.encoding in ("cp1250", "cp1251") else WESTERN
