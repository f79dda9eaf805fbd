"""A photo that somebody sends, made into two small squares of our own (``core.pictures``)."""

from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps

from apps.core.pictures import as_webp, read_picture

LARGE, SMALL = 256, 96


@dataclass(frozen=True, slots=True)
class Photo:
    """Two squares as WebP; made by ``read_photo`` alone."""

    large: bytes
    small: bytes


def read_photo(file: IO[bytes], size: int) -> Photo:
    """The middle of the picture, upright, of an animation its first frame. Raises PictureIsNotPossible."""
    upright = read_picture(file, size, take=_middle, enough=2 * LARGE)
    return Photo(large=_square(upright, LARGE), small=_square(upright, SMALL))


def _middle(image: Image.Image) -> Image.Image:
    """The square in the middle."""
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    points = min(side, 4 * LARGE)
    box = (left, top, left + side, top + side)
    # Taking single points needs no copy in other colours; the squares are made of averages of them.
    return image.resize((points, points), Image.Resampling.NEAREST, box=box)


def _square(image: Image.Image, side: int) -> bytes:
    return as_webp(ImageOps.fit(image, (side, side)))
