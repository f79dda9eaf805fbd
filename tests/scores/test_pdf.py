"""What becomes of a PDF: pages, or a word about what is wrong. What comes back is not believed."""

import logging
import sys
import threading
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from django.core.checks import run_checks
from PIL import Image

from apps.core.pictures import MOST_BYTES, Picture
from apps.scores import checks, draw
from apps.scores import pdf as pdfs
from apps.scores.pdf import Fault, PdfIsNotPossible, draw_pages, is_pdf
from tests.factories.scores import endless_pdf, pdf, raw_pdf
from tests.practice.test_concurrency import together

Fake = Callable[[str], None]
A_PAGE = f"import sys; sys.stdout.buffer.write({draw.HEAD.pack(12, 10, 10) + b'RIFF____WEBP'!r})"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Another program in place of the one that draws: what somebody makes of it who takes hold of it."""

    def replace(code: str) -> None:
        (tmp_path / "fake.py").write_text(code)
        monkeypatch.setattr(pdfs, "PROGRAM", tmp_path / "fake.py")

    return replace


def drawn(data: bytes, most_pages: int = 30) -> list[tuple[int, int]]:
    found = draw_pages(data, most_pages=most_pages, side=800)
    opened = [Image.open(BytesIO(page.data)) for page in found]
    assert {image.format for image in opened} == {"WEBP"}
    assert [image.size for image in opened] == [(page.width, page.height) for page in found]
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


class TestPages:
    def test_each_is_drawn_in_its_order_and_colours(self) -> None:
        sizes = drawn(pdf(3))
        assert [max(size) for size in sizes] == [800] * 3
        assert all(abs(size[0] / size[1] - 300 / 420) < 0.01 for size in sizes)
        found = draw_pages(pdf(3), most_pages=3, side=400)
        reds = [Image.open(BytesIO(page.data)).getchannel("R").histogram() for page in found]
        assert [round(counts.index(max(counts)) / 40) for counts in reds] == [0, 1, 2]

    def test_the_same_file_is_drawn_the_same(self) -> None:
        """By this a file that was sent twice is known."""
        assert draw_pages(pdf(2), most_pages=2, side=400) == draw_pages(pdf(2), most_pages=2, side=400)

    def test_letters_are_drawn_though_no_font_of_the_system_can_be_opened(self) -> None:
        font = "<</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>"
        data = raw_pdf("BT /F 40 Tf 20 200 Td (Allegro) Tj ET", f"/Font <</F {font}>>")
        (page,) = draw_pages(data, most_pages=1, side=400)
        counts = Image.open(BytesIO(page.data)).convert("L").histogram()
        assert sum(counts[:60]) > 100, "dark points"


@pytest.mark.parametrize(
    ("data", "yes"),
    [
        (pdf(1), True),
        (b"\x00\x00%PDF-1.7", True),
        (b"<!doctype html><script>alert(1)</script>", False),
        (b"<html>%PDF-1.7</html>", False),
        (b"", False),
        (b"\x00" * 999, False),
    ],
    ids=["pdf", "bytes before", "html", "html that names it", "nothing", "zeros"],
)
def test_what_it_is_stands_in_it(data: bytes, yes: bool) -> None:
    assert is_pdf(data) is yes


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"%PDF-1.7\n" + b"x" * 999, Fault.BROKEN),
        (pdf(2)[:400], Fault.BROKEN),
        (b"%PDF-1.7" + b"\x00" * MOST_BYTES, Fault.TOO_HEAVY),
        (raw_pdf("", size=(612, 20_000)), Fault.TOO_LONG),
        (locked(), Fault.ENCRYPTED),
    ],
    ids=["head alone", "half", "heavy", "one long scroll", "locked"],
)
def test_what_is_refused(data: bytes, fault: Fault) -> None:
    assert fault_of(data) == fault


def test_the_locked_one_is_locked() -> None:
    with pytest.raises(pypdfium2.PdfiumError, match=r"(?i)password"):
        pypdfium2.PdfDocument(locked())


def test_more_pages_than_there_may_be() -> None:
    assert fault_of(pdf(4), most_pages=3) == Fault.TOO_MANY


def test_more_of_them_than_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted while they are drawn: nothing of the rest is."""
    seen: list[int] = []

    def page(given: object, side: int) -> bytes:
        seen.append(side)
        return b"x" * 60

    monkeypatch.setattr(draw, "MOST_OUTPUT", 100)
    monkeypatch.setattr(draw, "page_of", page)
    monkeypatch.setattr(sys, "stdout", type("Out", (), {"buffer": BytesIO()}))
    with pytest.raises(draw.CannotDraw) as caught:
        draw.draw([object()] * 9, 30, 800)
    assert (caught.value.code, len(seen)) == (draw.TOO_HEAVY, 2)
    assert pdfs.FAULTS[draw.TOO_HEAVY] == Fault.TOO_FULL


def test_a_damaged_one_is_drawn_or_refused_and_nothing_else() -> None:
    data, seen = pdf(1), set()
    for number in range(5):
        at = (number * 7919) % len(data)
        try:
            drawn(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
            seen.add("drawn")
        except PdfIsNotPossible as error:
            seen.add(error.fault)
    assert seen <= {"drawn", Fault.BROKEN, Fault.ENCRYPTED}


class TestTime:
    def test_one_that_computes_for_ever_is_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdfs, "SECONDS", 1)
        assert fault_of(endless_pdf()) == Fault.SLOW

    @pytest.mark.parametrize("first", ["", "os.close(1);"], ids=["silent", "has said all"])
    def test_one_that_waits_for_ever_is_stopped(
        self, fake: Fake, monkeypatch: pytest.MonkeyPatch, first: str
    ) -> None:
        monkeypatch.setattr(pdfs, "PATIENCE", 0.5)
        fake(f"import os, time; {first} time.sleep(60)")
        before = time.monotonic()
        assert fault_of(pdf(1)) == Fault.SLOW
        assert time.monotonic() - before < 30


class TestOneAtATime:
    def test_who_comes_second_is_told(self, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.both(fake, monkeypatch) == [Fault.BUSY, "drawn"]
        assert drawn_by(fake) == "drawn", "the turn was given back"

    def test_after_a_failure_it_is_the_next_ones_turn(self, fake: Fake) -> None:
        fake("raise SystemExit(3)")
        assert fault_of(pdf(1)) == Fault.ENCRYPTED
        assert drawn_by(fake) == "drawn"

    def test_without_the_turn_both_draw(self, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
        """The control."""
        monkeypatch.setattr(pdfs, "_turn", threading.BoundedSemaphore(2))
        assert self.both(fake, monkeypatch) == ["drawn", "drawn"]

    def both(self, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        monkeypatch.setattr(pdfs, "QUEUE", 0.01)
        fake(f"import time; time.sleep(2); {A_PAGE}")
        results = together(one, one)
        return sorted(str(getattr(result, "fault", result)) for result in results)


def one() -> str:
    draw_pages(b"%PDF-", most_pages=1, side=800)
    return "drawn"


def drawn_by(fake: Fake) -> str:
    fake(A_PAGE)
    return one()


class TestNothingIsBelieved:
    @pytest.mark.parametrize(
        "said",
        [
            b"",
            b"x",
            draw.HEAD.pack(5, 10, 10) + b"<svg>",
            draw.HEAD.pack(0, 10, 10),
            draw.HEAD.pack(99, 10, 10) + b"RIFF____WEBP",
            draw.HEAD.pack(12, 801, 10) + b"RIFF____WEBP",
            draw.HEAD.pack(12, 10, 0) + b"RIFF____WEBP",
            (draw.HEAD.pack(12, 10, 10) + b"RIFF____WEBP") * 2,
        ],
        ids=["nothing", "half a head", "no picture", "empty", "less", "wide", "flat", "more pages"],
    )
    def test_what_cannot_be_is_refused(self, fake: Fake, said: bytes) -> None:
        fake(f"import sys; sys.stdout.buffer.write({said!r})")
        assert fault_of(b"%PDF-", most_pages=1) == Fault.BROKEN

    def test_what_can_be_is_taken(self, fake: Fake) -> None:
        """The control of the one before."""
        fake(A_PAGE)
        assert draw_pages(b"%PDF-", most_pages=1, side=800) == [Picture(b"RIFF____WEBP", 10, 10)]

    def test_no_more_is_read_than_may_be(self, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(draw, "MOST_OUTPUT", 5000)
        fake("import sys\nwhile True: sys.stdout.buffer.write(b'x' * 65536)")
        assert fault_of(b"%PDF-") == Fault.BROKEN


class TestWhenItIsOurFault:
    def test_an_end_that_nobody_planned_is_written_down(
        self, fake: Fake, caplog: pytest.LogCaptureFixture
    ) -> None:
        fake("raise MemoryError('Qzwordsofthefile')")
        with caplog.at_level(logging.WARNING):
            assert fault_of(b"%PDF-") == Fault.BROKEN
        assert caplog.messages == ["Drawing a PDF ended with 1"]
        caplog.clear()
        fake(f"raise SystemExit({draw.BROKEN})")
        assert fault_of(b"%PDF-") == Fault.BROKEN
        assert caplog.messages == []

    def test_a_program_that_cannot_be_started(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        assert fault_of(pdf(1)) == Fault.NOT_NOW
        assert caplog.messages == ["Drawing a PDF could not begin: FileNotFoundError"]

    def test_the_check_of_an_installation_says_so(self, fake: Fake) -> None:
        assert [found.id for found in run_checks(include_deployment_checks=True) if found.id == W] == []
        fake("raise SystemExit(1)")
        assert [found.id for found in checks.a_page_can_be_drawn(None)] == [W]


W = "woodshed.W001"
