"""A picture that somebody sends, drawn anew: nothing of the sent file is kept but its points.

Whatever comes is somebody else's bytes: how large it is is known before anything is decoded, only three kinds
are tried, and nothing of the file is kept, neither where it was taken nor what else stands in it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps

MOST_BYTES = 5 * 1024 * 1024
# Fewer than this, in all: four bytes for each are held while it is decoded.
MOST_PIXELS = 20_000_000
LEAST_SIDE = 64
# A progressive JPEG has ten or so; each costs as much time as the whole picture, however little it says.
MOST_SCANS = 32
KINDS = ("JPEG", "PNG", "WEBP")
# What a form's field says that it takes, and what is written.
SENT_TYPES = "image/jpeg,image/png,image/webp"
KEPT_TYPE = "image/webp"
QUALITY = 80
# In a JPEG: what begins a part with a length behind it, or ends the picture.
MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
SCAN, END = b"\xff\xda", b"\xff\xd9"

# Takes the part that is of use, with no more points than are: all that follows is done with these, so that
# the whole picture is in the memory once. The way up still stands beside it.
Take = Callable[[Image.Image], Image.Image]


class Fault(StrEnum):
    """Why a file cannot be used, in words of the form."""

    NO_PICTURE = "no_picture"
    TOO_HEAVY = "too_heavy"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    BROKEN = "broken"


class PictureIsNotPossible(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def read_picture(file: IO[bytes], size: int, *, take: Take, enough: int) -> Image.Image:
    """What ``take`` takes, upright, on white where it is see-through, of an animation the first frame.

    ``enough``: of how many points a side a JPEG may be decoded; other kinds ignore it. Raises
    PictureIsNotPossible.
    """
    if size > MOST_BYTES:
        raise PictureIsNotPossible(Fault.TOO_HEAVY)
    if _scans(file) > MOST_SCANS:
        raise PictureIsNotPossible(Fault.NO_PICTURE)
    with _opened(file) as image:
        width, height = image.size
        if width * height >= MOST_PIXELS:
            raise PictureIsNotPossible(Fault.TOO_LARGE)
        if min(width, height) < LEAST_SIDE:
            raise PictureIsNotPossible(Fault.TOO_SMALL)
        return _decoded(image, take, enough)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as we keep it, as WebP: drawn anew, by ``whole_picture`` or from a PDF."""

    data: bytes
    width: int
    height: int


def whole_picture(file: IO[bytes], size: int, *, side: int) -> Picture:
    """All of the picture, no side longer than ``side``. Raises PictureIsNotPossible."""

    def fewer(image: Image.Image) -> Image.Image:
        most = 2 * side
        share = most / max(image.size)
        if share >= 1:
            return image
        points = max(1, round(image.width * share)), max(1, round(image.height * share))
        return image.resize(points, Image.Resampling.NEAREST)

    drawn = read_picture(file, size, take=fewer, enough=side)
    # Only ever made smaller.
    drawn.thumbnail((side, side))
    return Picture(as_webp(drawn), *drawn.size)


def as_webp(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", quality=QUALITY)
    return written.getvalue()


def _scans(file: IO[bytes]) -> int:
    """How often a JPEG goes over its whole picture; counted no further than it matters. 0 of other kinds."""
    file.seek(0)
    data, at, scans = file.read(), 2, 0
    file.seek(0)
    if not data.startswith(b"\xff\xd8"):
        return 0
    while scans <= MOST_SCANS and (found := MARKER.search(data, at)) and found[0] != END:
        scans += found[0] == SCAN
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return scans


def _opened(file: IO[bytes]) -> Image.Image:
    """Only the head is read. What Pillow itself takes for a bomb is too large, wherever it draws the line."""
    try:
        return Image.open(file, formats=KINDS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureIsNotPossible(Fault.TOO_LARGE) from error
    except Exception as error:  # the heads of hostile files fail in every way
        raise PictureIsNotPossible(Fault.NO_PICTURE) from error


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """A scanner's grey has sixteen, and Pillow takes whatever is above eight for white."""
    if not image.mode.startswith("I;16"):
        return image
    return image.point(lambda value: value * (1 / 256)).convert("L")


def _decoded(image: Image.Image, take: Take, enough: int) -> Image.Image:
    """Upright, on white where it is see-through, in RGB, and without anything else of the file."""
    try:
        # A JPEG is decoded at the fraction of its size that is still enough.
        image.draft("RGB", (enough, enough))
        taken = take(image)
        if taken is not image:
            # The whole one goes before the next copies come.
            image.close()
        upright = ImageOps.exif_transpose(_in_eight_bits(taken)).convert("RGBA")
    except Exception as error:  # so do their bodies, truncated ones among them
        raise PictureIsNotPossible(Fault.BROKEN) from error
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright)
    return clean
