"""What becomes of a file that somebody sends as a photo: two small squares, or a word about what is wrong."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO
from unittest.mock import patch

import pytest
from PIL import Image, ImageFile

from apps.accounts.photos import LARGE, SMALL, Photo, read_photo
from apps.core.pictures import MOST_BYTES, MOST_SCANS, Fault, PictureIsNotPossible
from tests.factories.photos import picture


def read(data: bytes, size: int | None = None) -> Photo:
    return read_photo(BytesIO(data), len(data) if size is None else size)


def fault_of(data: bytes, size: int | None = None) -> Fault:
    with pytest.raises(PictureIsNotPossible) as caught:
        read(data, size)
    return caught.value.fault


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 24 for one, other in zip(found, wanted, strict=True))


def halves(size: tuple[int, int], first: str, second: str) -> Image.Image:
    """The left half of one colour, the right half of another."""
    image = Image.new("RGB", size, second)
    image.paste(first, (0, 0, size[0] // 2, size[1]))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(300, 200), (200, 300), (64, 64), (4000, 70)])
def test_a_photo_becomes_two_squares(kind: str, size: tuple[int, int]) -> None:
    found = read(picture(kind, size))
    for data, side in ((found.large, LARGE), (found.small, SMALL)):
        image = opened(data)
        assert (image.format, image.size, image.mode) == ("WEBP", (side, side), "RGB")
        assert near(image.getpixel((side // 2, side // 2)), (0, 128, 128))


def test_the_middle_is_kept() -> None:
    image = Image.new("RGB", (900, 300), "red")
    image.paste("blue", (300, 0, 600, 300))
    square = opened(read(saved(image, "PNG")).large)
    assert all(near(square.getpixel((x, 128)), (0, 0, 255)) for x in (10, 128, 245))


@pytest.mark.parametrize(
    ("orientation", "left", "right"), [(1, "red", "blue"), (3, "blue", "red"), (2, "blue", "red")]
)
def test_a_photo_stands_upright(orientation: int, left: str, right: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    square = opened(read(saved(halves((300, 300), "red", "blue"), "JPEG", exif=exif.tobytes())).large)
    colours = {"red": (254, 0, 0), "blue": (0, 0, 254)}
    assert near(square.getpixel((30, 128)), colours[left])
    assert near(square.getpixel((226, 128)), colours[right])


def test_a_photo_that_was_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    square = opened(read(saved(halves((300, 300), "red", "blue"), "JPEG", exif=exif.tobytes())).large)
    assert near(square.getpixel((128, 30)), (254, 0, 0))
    assert near(square.getpixel((128, 226)), (0, 0, 254))


def test_nothing_else_of_the_file_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Qzwhere I live"
    exif.get_ifd(0x8825)[1] = "N"
    sent = saved(
        Image.new("RGB", (300, 300), "teal"),
        "JPEG",
        exif=exif.tobytes(),
        icc_profile=b"Qzprofile" * 20,
        comment=b"Qzcomment",
    )
    assert all(word in sent for word in (b"Qzwhere", b"Qzprofile", b"Qzcomment"))
    found = read(sent)
    for data in (found.large, found.small):
        assert b"Qz" not in data
        image = opened(data)
        assert dict(image.getexif()) == {}
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)


@pytest.mark.parametrize(
    ("mode", "kind", "colour"),
    [
        ("CMYK", "JPEG", (255, 127, 127, 0)),
        ("L", "PNG", 128),
        ("P", "PNG", 0),
        ("1", "PNG", 1),
        ("I;16", "PNG", 999),
    ],
)
def test_every_way_to_write_colours_is_read(mode: str, kind: str, colour: object) -> None:
    assert opened(read(picture(kind, mode=mode, colour=colour)).large).mode == "RGB"


def test_the_colours_of_print_are_those_of_a_screen() -> None:
    cyan = read(picture("JPEG", mode="CMYK", colour=(255, 0, 0, 0)))
    assert near(opened(cyan.large).getpixel((9, 9)), (0, 255, 255))


def test_what_is_see_through_is_white() -> None:
    found = read(picture("PNG", mode="RGBA", colour=(255, 0, 0, 0)))
    assert near(opened(found.large).getpixel((9, 9)), (255, 255, 255))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_kept(kind: str) -> None:
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue", "lime")]
    sent = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    image = opened(read(sent).large)
    assert getattr(image, "n_frames", 1) == 1
    assert near(image.getpixel((128, 128)), (255, 0, 0))


# What is refused

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"<!doctype html><script>alert(1)</script>",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        b"%PDF-1.7",
        b"\x00" * 99,
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0" + b"\x00" * 40,
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    ],
    ids=[
        "svg",
        "html",
        "gif",
        "bmp",
        "tiff",
        "pdf",
        "zeros",
        "nothing",
        "png head",
        "jpeg head",
        "webp head",
    ],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    assert fault_of(data) == Fault.NO_PICTURE


def test_a_file_of_more_than_five_megabytes_is_not_even_looked_at() -> None:
    assert fault_of(picture(), MOST_BYTES + 1) == Fault.TOO_HEAVY
    assert read(picture(), MOST_BYTES).large


def bomb(width: int, height: int) -> bytes:
    """A PNG that says how large it is; its rows are not there, or are zeros packed a thousandfold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 3_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (5000, 4000),
        (20_000, 1000),
        (10_000, 10_000),
        (16_000, 16_000),
        (65_000, 65_000),
        (2**31 - 1, 2**31 - 1),
    ],
)
def test_a_bomb_is_refused_by_its_head(width: int, height: int) -> None:
    """20 million points and more, of which nothing is decoded: it costs next to no memory."""
    data = bomb(width, height)
    assert len(data) < 10_000
    with patch.object(ImageFile.ImageFile, "load", side_effect=AssertionError):
        assert fault_of(data) == Fault.TOO_LARGE


# In a process of its own: Pillow's memory is not Python's, and the most that a process had is never less.
MEASURE = """
import resource, sys
from io import BytesIO
from apps.accounts.photos import Photo, read_photo
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert isinstance(read_photo(BytesIO(data), len(data)), Photo)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (0, 128, 128, 200)), ("P", 1), ("RGB", "teal")])
def test_of_the_largest_photo_there_is_one_copy_in_the_memory(mode: str, colour: object) -> None:
    """80 MB and no second time; on paper it was three."""
    sent = picture("PNG", (4999, 4000), mode=mode, colour=colour)
    done = subprocess.run([sys.executable, "-c", MEASURE], input=sent, capture_output=True, check=True)
    assert int(done.stdout) < 110_000


def progressive(scans: int) -> bytes:
    """A JPEG that goes over its picture so often: the last pass is there again and again."""
    data = saved(Image.new("RGB", (300, 300), "teal"), "JPEG", progressive=True)
    last, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    return data[:end] + data[last:end] * (scans - data.count(b"\xff\xda")) + data[end:]


def test_a_photo_that_is_painted_over_and_over_is_refused() -> None:
    """Each pass costs as much as the whole picture, and a few bytes to send."""
    assert read(progressive(MOST_SCANS)).large
    with patch.object(ImageFile.ImageFile, "load", side_effect=AssertionError):
        assert fault_of(progressive(MOST_SCANS + 1)) == Fault.NO_PICTURE
        assert fault_of(progressive(40_000)) == Fault.NO_PICTURE


def test_what_looks_like_a_pass_is_none() -> None:
    """In a comment, and behind the end: a short film, as some phones add it."""
    data = saved(Image.new("RGB", (300, 300), "teal"), "JPEG", comment=b"\xff\xda" * 999)
    assert read(data + b"\xff\xda\x00\x02" * 999).large


def test_a_large_picture_lies_as_a_small_one_does() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    sent = saved(halves((3000, 2400), "red", "blue"), "PNG", exif=exif.tobytes())
    square = opened(read(sent).large)
    assert near(square.getpixel((128, 30)), (254, 0, 0))
    assert near(square.getpixel((128, 226)), (0, 0, 254))


def test_one_point_fewer_is_taken() -> None:
    assert read(picture("PNG", (4999, 4000), mode="1", colour=1)).large


@pytest.mark.parametrize("size", [(63, 200), (200, 63), (1, 1)])
def test_what_is_too_small_is_refused(size: tuple[int, int]) -> None:
    assert fault_of(picture("PNG", size)) == Fault.TOO_SMALL


def noise(kind: str) -> bytes:
    return saved(Image.effect_noise((400, 400), 90).convert("RGB"), kind)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_half_a_file_is_refused(kind: str, part: float) -> None:
    data = noise(kind)
    assert fault_of(data[: int(len(data) * part)]) in (Fault.BROKEN, Fault.NO_PICTURE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_file_is_a_photo_or_refused_and_nothing_else(kind: str) -> None:
    """200 files with damaged bytes: whatever the decoders stumble over, the answer is one of ours."""
    data, seen = noise(kind), set()
    for number in range(200):
        at = (number * 7919) % len(data)
        damaged = data[:at] + bytes([data[at] ^ (1 + number % 255)]) + data[at + 1 :]
        try:
            opened(read(damaged).small)
            seen.add("photo")
        except PictureIsNotPossible:
            seen.add("refused")
    assert seen


def test_a_polyglot_keeps_nothing_of_its_other_half() -> None:
    found = read(picture() + b"<script>alert('Qz')</script>")
    assert b"Qz" not in found.large + found.small
