"""A photo that somebody sends, made into two small squares of our own.

Whatever comes is somebody else's bytes: how large it is is known before anything is decoded, only three kinds
are tried, and nothing of the file is kept, neither where it was taken nor what else stands in it.
"""

import re
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
LARGE, SMALL = 256, 96
KINDS = ("JPEG", "PNG", "WEBP")
QUALITY = 80
# In a JPEG: what begins a part with a length behind it, or ends the picture.
MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
SCAN, END = b"\xff\xda", b"\xff\xd9"


class Fault(StrEnum):
    """Why a file cannot be used, in words of the form."""

    NO_PHOTO = "no_photo"
    TOO_HEAVY = "too_heavy"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    BROKEN = "broken"


class PhotoIsNotPossible(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Photo:
    """Two squares as WebP; made by ``read_photo`` alone."""

    large: bytes
    small: bytes


def read_photo(file: IO[bytes], size: int) -> Photo:
    """The middle of the picture, upright, of an animation its first frame. Raises PhotoIsNotPossible."""
    if size > MOST_BYTES:
        raise PhotoIsNotPossible(Fault.TOO_HEAVY)
    if _scans(file) > MOST_SCANS:
        raise PhotoIsNotPossible(Fault.NO_PHOTO)
    with _opened(file) as image:
        width, height = image.size
        if width * height >= MOST_PIXELS:
            raise PhotoIsNotPossible(Fault.TOO_LARGE)
        if min(width, height) < LEAST_SIDE:
            raise PhotoIsNotPossible(Fault.TOO_SMALL)
        upright = _decoded(image)
    return Photo(large=_square(upright, LARGE), small=_square(upright, SMALL))


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
        raise PhotoIsNotPossible(Fault.TOO_LARGE) from error
    except Exception as error:  # the heads of hostile files fail in every way
        raise PhotoIsNotPossible(Fault.NO_PHOTO) from error


def _decoded(image: Image.Image) -> Image.Image:
    """Upright, on white where it is see-through, in RGB, and without anything else of the file."""
    try:
        # A JPEG is decoded at the fraction of its size that is still enough; other kinds ignore it.
        image.draft("RGB", (2 * LARGE, 2 * LARGE))
        upright = ImageOps.exif_transpose(_middle(image)).convert("RGBA")
    except Exception as error:  # so do their bodies, truncated ones among them
        raise PhotoIsNotPossible(Fault.BROKEN) from error
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright)
    return clean


def _middle(image: Image.Image) -> Image.Image:
    """The square in the middle, with no more points than are of use: all that follows is done with these,
    so that the whole picture is in the memory once. The way up still stands beside it."""
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    points = min(side, 4 * LARGE)
    box = (left, top, left + side, top + side)
    # Taking single points needs no copy in other colours; the squares are made of averages of them.
    return image.resize((points, points), Image.Resampling.NEAREST, box=box)


def _square(image: Image.Image, side: int) -> bytes:
    written = BytesIO()
    ImageOps.fit(image, (side, side)).save(written, "WEBP", quality=QUALITY)
    return written.getvalue()
