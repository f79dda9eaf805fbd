"""What becomes of a whole picture that somebody sends; of photos: tests/accounts/test_photos.py."""

import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from apps.core.pictures import MOST_BYTES, Fault, Picture, PictureIsNotPossible, whole_picture
from tests.factories.photos import picture

SIDE = 400


def read(data: bytes, size: int | None = None) -> Picture:
    return whole_picture(BytesIO(data), len(data) if size is None else size, side=SIDE)


def opened(found: Picture) -> Image.Image:
    image = Image.open(BytesIO(found.data))
    image.load()
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 24 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ((300, 200), (300, 200)),
        ((400, 400), (400, 400)),
        ((800, 400), (400, 200)),
        ((500, 3000), (66, 400)),
        ((5000, 70), (400, 6)),
    ],
)
def test_all_of_it_is_kept_and_never_made_larger(
    kind: str, sent: tuple[int, int], kept: tuple[int, int]
) -> None:
    found = read(picture(kind, sent))
    image = opened(found)
    assert (image.format, image.mode) == ("WEBP", "RGB")
    assert image.size == (found.width, found.height) == kept
    assert near(image.getpixel((kept[0] // 2, kept[1] // 2)), (0, 128, 128))


def test_what_stands_at_its_edges_is_there() -> None:
    image = Image.new("RGB", (2000, 500), "white")
    image.paste("red", (0, 0, 400, 500))
    image.paste("blue", (1600, 0, 2000, 500))
    found = opened(read(saved(image, "PNG")))
    assert near(found.getpixel((10, 50)), (254, 0, 0))
    assert near(found.getpixel((390, 50)), (0, 0, 254))


def test_it_stands_upright_and_what_is_see_through_is_white() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 150, 200))
    found = opened(read(saved(image, "PNG", exif=exif.tobytes())))
    assert found.size == (200, 300)
    assert near(found.getpixel((100, 20)), (254, 0, 0))
    assert near(found.getpixel((100, 280)), (255, 255, 255))


def test_the_grey_of_a_scanner_stays_grey() -> None:
    row = (20_000).to_bytes(2, "little") * 50 + (60_000).to_bytes(2, "little") * 50
    scan = Image.frombytes("I;16", (100, 100), row * 100)
    found = opened(read(saved(scan, "PNG")))
    assert near(found.getpixel((20, 50)), (78, 78, 78))
    assert near(found.getpixel((80, 50)), (234, 234, 234))


def test_nothing_else_of_the_file_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Qzwhere I live"
    sent = saved(
        Image.new("RGB", (300, 300), "teal"),
        "JPEG",
        exif=exif.tobytes(),
        icc_profile=b"Qzprofile" * 20,
        comment=b"Qzcomment",
    )
    assert all(word in sent for word in (b"Qzwhere", b"Qzprofile", b"Qzcomment"))
    found = read(sent + b"<script>Qz</script>")
    assert b"Qz" not in found.data
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(opened(found).info)


@pytest.mark.parametrize(
    ("data", "size", "fault"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='99' height='99'/>", None, Fault.NO_PICTURE),
        (b"<!doctype html><script>alert(1)</script>", None, Fault.NO_PICTURE),
        (b"%PDF-1.7", None, Fault.NO_PICTURE),
        (picture("GIF"), None, Fault.NO_PICTURE),
        (picture(), MOST_BYTES + 1, Fault.TOO_HEAVY),
        (picture("PNG", (5000, 4000), mode="1", colour=1), None, Fault.TOO_LARGE),
        (picture("PNG", (63, 200)), None, Fault.TOO_SMALL),
        (picture("PNG", (900, 900))[:-400], None, Fault.BROKEN),
    ],
    ids=["svg", "html", "pdf", "gif", "heavy", "large", "small", "half"],
)
def test_what_is_refused(data: bytes, size: int | None, fault: Fault) -> None:
    with pytest.raises(PictureIsNotPossible) as caught:
        read(data, size)
    assert caught.value.fault == fault


# In a process of its own: Pillow's memory is not Python's, and the most that a process had is never less.
MEASURE = """
import resource, sys
from io import BytesIO
from apps.core.pictures import Picture, whole_picture
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert isinstance(whole_picture(BytesIO(data), len(data), side=1600), Picture)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (0, 128, 128, 200)), ("P", 1), ("RGB", "teal")])
def test_of_the_largest_one_the_memory_is_bounded(mode: str, colour: object) -> None:
    """80 MB for the points of the file, and those of the smaller copy beside them."""
    sent = picture("PNG", (4999, 4000), mode=mode, colour=colour)
    done = subprocess.run([sys.executable, "-c", MEASURE], input=sent, capture_output=True, check=True)
    assert int(done.stdout) < 150_000
