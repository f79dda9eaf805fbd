"""What becomes of a PDF: pages, drawn in a process that has nothing else, or a word about what is wrong."""

import subprocess
import sys
from io import BytesIO
from unittest.mock import patch

import pypdfium2
import pytest
from PIL import Image

from apps.core.pictures import MOST_BYTES
from apps.scores import pdf as pdfs
from apps.scores.draw import BROKEN
from apps.scores.pdf import Fault, PdfIsNotPossible, draw_pages
from tests.factories.scores import pdf


def draw(data: bytes, most_pages: int = 30) -> list[tuple[int, int]]:
    found = draw_pages(data, most_pages=most_pages, side=800)
    assert all(Image.open(BytesIO(page.data)).format == "WEBP" for page in found)
    assert [Image.open(BytesIO(page.data)).size for page in found] == [(p.width, p.height) for p in found]
    return [(page.width, page.height) for page in found]


def fault_of(data: bytes, most_pages: int = 30) -> Fault:
    with pytest.raises(PdfIsNotPossible) as caught:
        draw_pages(data, most_pages=most_pages, side=800)
    return caught.value.fault


def locked() -> bytes:
    """A PDF whose trailer says that it wants a password."""
    secrets = b"/O (" + b"x" * 32 + b") /U (" + b"y" * 32 + b")"
    cipher = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 " + secrets + b" >> "
    return pdf(1).replace(b"trailer\n<<", b"trailer\n<< " + cipher + b"/ID [(0123456789)(0123456789)] ")


@pytest.mark.parametrize("pages", [1, 5])
def test_each_page_is_drawn(pages: int) -> None:
    sizes = draw(pdf(pages))
    assert len(sizes) == pages
    assert all(max(size) == 800 and abs(size[0] / size[1] - 300 / 420) < 0.01 for size in sizes)


def test_pages_keep_their_order_and_colours() -> None:
    found = draw_pages(pdf(3), most_pages=30, side=400)
    colours = [Image.open(BytesIO(page.data)).getpixel((100, 100)) for page in found]
    assert [round(colour[0] / 40) for colour in colours] == [0, 1, 2]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"<!doctype html><script>alert(1)</script>", Fault.NO_PDF),
        (b"<html>%PDF-1.7</html>", Fault.NO_PDF),
        (b"", Fault.NO_PDF),
        (b"\x00" * 999, Fault.NO_PDF),
        (b"%PDF-1.7\n" + b"x" * 999, Fault.BROKEN),
        (pdf(2)[:400], Fault.BROKEN),
        (b"%PDF-1.7" + b"\x00" * MOST_BYTES, Fault.TOO_HEAVY),
    ],
    ids=["html", "html that names it", "nothing", "zeros", "head alone", "half", "heavy"],
)
def test_what_is_refused(data: bytes, fault: Fault) -> None:
    assert fault_of(data) == fault


def test_more_pages_than_there_may_be() -> None:
    assert fault_of(pdf(4), most_pages=3) == Fault.TOO_MANY


def test_one_that_is_locked_says_so() -> None:
    data = locked()
    with pytest.raises(pypdfium2.PdfiumError, match=r"(?i)password"):
        pypdfium2.PdfDocument(data)
    assert fault_of(data) == Fault.ENCRYPTED


def test_one_that_takes_for_ever_is_given_up() -> None:
    with patch.object(subprocess, "run", side_effect=subprocess.TimeoutExpired("draw", 1)):
        assert fault_of(pdf(1)) == Fault.BROKEN


def test_the_process_has_nothing_of_the_site(tmp_path: object) -> None:
    """No variable of ours, no folder of ours, little memory, no file."""
    with patch.object(subprocess, "run", wraps=subprocess.run) as run:
        draw(pdf(1))
    assert run.call_args.kwargs["env"] == {}
    assert run.call_args.kwargs["cwd"] == "/"
    assert run.call_args.args[0][:2] == [sys.executable, "-I"]


@pytest.mark.parametrize(
    "deed", ["open('/tmp/of-a-pdf', 'w').write('x' * 9)", "bytearray(2_000_000_000)"], ids=["writes", "grows"]
)
def test_what_takes_hold_of_it_can_do_little(deed: str) -> None:
    code = f"from apps.scores.draw import hold_still; hold_still(); {deed}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode != 0


def test_a_damaged_one_is_drawn_or_refused_and_nothing_else() -> None:
    data, seen = pdf(1), set()
    for number in range(5):
        at = (number * 7919) % len(data)
        damaged = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        try:
            draw(damaged)
            seen.add("drawn")
        except PdfIsNotPossible as error:
            seen.add(error.fault)
    assert seen <= {"drawn", Fault.BROKEN, Fault.NO_PDF, Fault.ENCRYPTED}
    assert pdfs.FAULTS.get(BROKEN) is None
