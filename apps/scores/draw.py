"""Draws the pages of a PDF, in a process of its own with little memory and time, and without Django.

What comes is somebody else's bytes, and the library that reads them is large. So this program gets the file
by its standard input and hands each page as WebP to its standard output; before it looks at a byte it gives
up the right to open files and connections. ``pdf.py`` starts it, and believes nothing of what it says.
"""

import os
import sys
from io import BytesIO
from struct import Struct

MEMORY = 768 * 1024 * 1024
# All pages together, as they are kept.
MOST_OUTPUT = 20 * 1024 * 1024
# Drawn so that the longer side fits, a page that is narrower than this can be read by nobody.
LEAST_SIDE = 64
# How it ends, besides 0.
ENCRYPTED, BROKEN, TOO_MANY, TOO_HEAVY, TOO_LONG = 3, 4, 5, 6, 7
# Before each page: how many bytes it has, and how wide and high it is.
HEAD = Struct(">IHH")
QUALITY = 80


class CannotDraw(Exception):
    """``code`` is how the program ends."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def hold_still(seconds: int) -> None:
    """From here on: no more memory and time than this, and after everybody else; nothing is opened, neither
    a file nor a connection, nothing gets into a file, and no other program is started."""
    import resource  # only where there is Unix; the parent, which reads the numbers above, may be elsewhere

    os.nice(5)
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        # What is open already stays open: the three that it was started with.
        resource.RLIMIT_NOFILE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def main(most_pages: int, side: int, seconds: int) -> int:
    # Not before somebody asks for it: the parent reads the numbers above.
    import pypdfium2
    from PIL import Image  # with all its kinds, for afterwards no file can be opened

    Image.init()
    data = sys.stdin.buffer.read()
    hold_still(seconds)
    try:
        draw(pypdfium2.PdfDocument(data), most_pages, side)
    except CannotDraw as error:
        return error.code
    except pypdfium2.PdfiumError as error:
        return ENCRYPTED if "password" in str(error).lower() else BROKEN
    return 0


def draw(document: object, most_pages: int, side: int) -> None:
    count, room = len(document), MOST_OUTPUT  # type: ignore[arg-type]
    if not count:
        raise CannotDraw(BROKEN)
    if count > most_pages:
        raise CannotDraw(TOO_MANY)
    for number in range(count):
        written = page_of(document[number], side)  # type: ignore[index]
        room -= len(written)
        if room < 0:
            raise CannotDraw(TOO_HEAVY)
        sys.stdout.buffer.write(written)


def page_of(page: object, side: int) -> bytes:
    """Its head, then the picture."""
    size = page.get_size()  # type: ignore[attr-defined]
    scale = side / max(*size, 1)
    if min(size) * scale < LEAST_SIDE:
        raise CannotDraw(TOO_LONG)
    bitmap = page.render(scale=scale, may_draw_forms=False)  # type: ignore[attr-defined]
    image = bitmap.to_pil().convert("RGB")
    image.thumbnail((side, side))
    written = BytesIO()
    image.save(written, "WEBP", quality=QUALITY)
    drawn = written.getvalue()
    return HEAD.pack(len(drawn), *image.size) + drawn


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
