"""The pages of a PDF as pictures, or a word about what is wrong with it."""

import json
import subprocess
import sys
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from apps.core.pictures import MOST_BYTES, Picture

from . import draw

PROGRAM = Path(draw.__file__)
# Of the clock; what it computes is limited more tightly.
PATIENCE = 30
# Where a PDF begins: some programs write a few bytes before it.
HEAD, WITHIN = b"%PDF-", 1024


class Fault(StrEnum):
    """Why a PDF cannot be used, in words of the form."""

    NO_PDF = "no_pdf"
    TOO_HEAVY = "too_heavy"
    ENCRYPTED = "encrypted"
    TOO_MANY = "too_many"
    BROKEN = "broken_pdf"


class PdfIsNotPossible(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


FAULTS = {draw.ENCRYPTED: Fault.ENCRYPTED, draw.TOO_MANY: Fault.TOO_MANY}


def is_pdf(data: bytes) -> bool:
    """By what stands in it, whatever it is called."""
    return HEAD in data[:WITHIN] and data.lstrip()[:1] != b"<"


def draw_pages(data: bytes, *, most_pages: int, side: int) -> list[Picture]:
    """Every page, no side longer than ``side``. Raises PdfIsNotPossible."""
    if len(data) > MOST_BYTES:
        raise PdfIsNotPossible(Fault.TOO_HEAVY)
    if not is_pdf(data):
        raise PdfIsNotPossible(Fault.NO_PDF)
    command = [sys.executable, "-I", str(PROGRAM), str(most_pages), str(side)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=PATIENCE, check=False, env={}, cwd="/"
        )
    except subprocess.TimeoutExpired as error:
        raise PdfIsNotPossible(Fault.BROKEN) from error
    if done.returncode:
        raise PdfIsNotPossible(FAULTS.get(done.returncode, Fault.BROKEN))
    return list(_read(done.stdout))


def _read(output: bytes) -> "list[Picture]":
    pages, stream = [], BytesIO(output)
    while line := stream.readline():
        head = json.loads(line)
        pages.append(Picture(stream.read(head["bytes"]), head["width"], head["height"]))
    return pages
