"""The pages of a PDF as pictures, or a word about what is wrong with it."""

import logging
import struct
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore, Timer

from apps.core.pictures import MOST_BYTES, Picture

from . import draw

logger = logging.getLogger(__name__)

PROGRAM = Path(draw.__file__)
# How long it may compute, how long it may take by the clock, and how long the next one waits for its turn:
# the sender waits too, and so does one of the few threads that serve everybody.
SECONDS, PATIENCE, QUEUE = 8, 15, 2
# Where a PDF begins: some programs write a few bytes before it.
HEAD, WITHIN = b"%PDF-", 1024
# As few as they are, the threads of a process cannot all be taken by PDFs that are hard to draw.
_turn = BoundedSemaphore(1)


class Fault(StrEnum):
    """Why a PDF cannot be used, in words of the form."""

    TOO_HEAVY = "too_heavy"
    ENCRYPTED = "encrypted"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    # All its pages together, as they would be kept.
    TOO_FULL = "too_full"
    BROKEN = "broken_pdf"
    SLOW = "slow"
    BUSY = "busy"
    # Ours, not the file's.
    NOT_NOW = "not_now"


class PdfIsNotPossible(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


FAULTS = {
    draw.ENCRYPTED: Fault.ENCRYPTED,
    draw.BROKEN: Fault.BROKEN,
    draw.TOO_MANY: Fault.TOO_MANY,
    draw.TOO_HEAVY: Fault.TOO_FULL,
    draw.TOO_LONG: Fault.TOO_LONG,
    # SIGKILL and SIGXCPU: it had all the time there is.
    -9: Fault.SLOW,
    -24: Fault.SLOW,
}


def is_pdf(data: bytes) -> bool:
    """By what stands in it, whatever it is called."""
    return HEAD in data[:WITHIN] and data.lstrip()[:1] != b"<"


def draw_pages(data: bytes, *, most_pages: int, side: int) -> list[Picture]:
    """Every page, no side longer than ``side``; one PDF at a time in each process of the site. Raises
    PdfIsNotPossible."""
    if len(data) > MOST_BYTES:
        raise PdfIsNotPossible(Fault.TOO_HEAVY)
    if not _turn.acquire(timeout=QUEUE):
        raise PdfIsNotPossible(Fault.BUSY)
    try:
        output = _drawn(data, most_pages, side)
    except OSError as error:
        logger.warning("Drawing a PDF could not begin: %s", type(error).__name__)
        raise PdfIsNotPossible(Fault.NOT_NOW) from error
    finally:
        _turn.release()
    return _pages(output, most_pages, side)


def _drawn(data: bytes, most_pages: int, side: int) -> bytes:
    """What the program says."""
    command = [sys.executable, "-I", str(PROGRAM), *map(str, (most_pages, side, SECONDS))]
    with TemporaryFile() as sent:
        sent.write(data)
        sent.seek(0)
        # What it says about errors may hold words of the file: nobody reads that.
        with subprocess.Popen(
            command, stdin=sent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
        ) as process:
            output = _heard(process)
    if len(output) > draw.MOST_OUTPUT:
        raise PdfIsNotPossible(Fault.BROKEN)
    if process.returncode and process.returncode not in FAULTS:
        # Perhaps the file's fault, perhaps that of the system it runs on: then it is so with every file.
        logger.warning("Drawing a PDF ended with %s", process.returncode)
    if process.returncode:
        raise PdfIsNotPossible(FAULTS.get(process.returncode, Fault.BROKEN))
    return output


def _heard(process: "subprocess.Popen[bytes]") -> bytes:
    """No more than it may say and one byte, and not for longer than there is patience."""
    assert process.stdout is not None  # noqa: S101  (it was started with one)
    end = Timer(PATIENCE, process.kill)
    end.start()
    try:
        output = process.stdout.read(draw.MOST_OUTPUT + 1)
        if len(output) <= draw.MOST_OUTPUT:
            process.wait()
    finally:
        end.cancel()
        process.kill()
    return output


def _pages(output: bytes, most_pages: int, side: int) -> list[Picture]:
    """Nothing is believed: a file that takes hold of the program says what it wants."""
    pages, at = [], 0
    while at < len(output):
        begin = at + draw.HEAD.size
        try:
            size, width, height = draw.HEAD.unpack(output[at:begin])
        except struct.error as error:
            raise PdfIsNotPossible(Fault.BROKEN) from error
        at = begin + size
        pages.append(Picture(output[begin:at], width, height))
    is_whole = at == len(output) and 1 <= len(pages) <= most_pages
    if not is_whole or not all(_is_picture(page, side) for page in pages):
        raise PdfIsNotPossible(Fault.BROKEN)
    return pages


def _is_picture(page: Picture, side: int) -> bool:
    is_webp = page.data[:4] == b"RIFF" and page.data[8:12] == b"WEBP"
    return is_webp and 1 <= page.width <= side and 1 <= page.height <= side
