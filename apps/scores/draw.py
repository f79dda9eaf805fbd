"""Draws the pages of a PDF, in a process of its own with little memory and time, and without Django.

What comes is somebody else's bytes, and the library that reads them is large. So it is not read where the
site's secrets and connections are: this program gets the file by its standard input, draws each page as WebP
onto its standard output, and has nothing else. ``pdf.py`` starts it.
"""

import json
import sys
from io import BytesIO

MEMORY = 768 * 1024 * 1024
SECONDS = 20
# How it ends, besides 0.
ENCRYPTED, BROKEN, TOO_MANY, NO_PAGES = 3, 4, 5, 6
QUALITY = 80


def hold_still() -> None:
    """From here on: no more memory and time than this, and no file is written."""
    import resource  # only where there is Unix; the parent, which reads the numbers above, may be elsewhere

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(most_pages: int, side: int) -> int:
    import pypdfium2  # not before somebody asks for it: the parent reads the numbers above

    data = sys.stdin.buffer.read()
    hold_still()
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        return ENCRYPTED if "password" in str(error).lower() else BROKEN
    if count > most_pages:
        return TOO_MANY
    if not count:
        return NO_PAGES
    for number in range(count):
        try:
            write(document[number], side)
        except pypdfium2.PdfiumError:
            return BROKEN
    return 0


def write(page: object, side: int) -> None:
    """A line that says how large it is, then the bytes."""
    width, height = page.get_size()  # type: ignore[attr-defined]
    scale = side / max(width, height, 1)
    bitmap = page.render(scale=scale, may_draw_forms=False)  # type: ignore[attr-defined]
    image = bitmap.to_pil().convert("RGB")
    image.thumbnail((side, side))
    written = BytesIO()
    image.save(written, "WEBP", quality=QUALITY)
    drawn = written.getvalue()
    head = {"bytes": len(drawn), "width": image.width, "height": image.height}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + drawn)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
