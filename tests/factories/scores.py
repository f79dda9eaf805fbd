from collections.abc import Sequence
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.utils import timezone
from PIL import Image

from apps.accounts.models import User
from apps.repertoire.models import Piece
from apps.scores.models import Score
from apps.scores.services import add_score

from .evidence import drawn


def pdf(pages: int = 2, size: tuple[int, int] = (300, 420)) -> bytes:
    """A PDF of so many pages, each of another colour."""
    written = BytesIO()
    sheets = [Image.new("RGB", size, (40 * number % 256, 90, 120)) for number in range(pages)]
    sheets[0].save(written, "PDF", save_all=True, append_images=sheets[1:])
    return written.getvalue()


def raw_pdf(
    words: str, resources: str = "", *, more: Sequence[str] = (), size: tuple[int, int] = (300, 420)
) -> bytes:
    """One page on which these operators draw; where its objects are the reader has to find out."""
    page = f"/MediaBox [0 0 {size[0]} {size[1]}] /Contents 4 0 R /Resources <<{resources}>>"
    objects = [
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        f"<</Type /Page /Parent 2 0 R {page}>>",
        f"<</Length {len(words)}>>\nstream\n{words}\nendstream",
        *more,
    ]
    body = "".join(f"{number} 0 obj {each} endobj\n" for number, each in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer <</Root 1 0 R>>\n".encode()


def endless_pdf(levels: int = 7, times: int = 20) -> bytes:
    """Drawings that hold drawings: a small file that is work for days."""
    forms = []
    for level in range(levels):
        words = "/F Do " * times if level < levels - 1 else "0 0 300 420 re f "
        inside = f"/Resources <</XObject <</F {6 + level} 0 R>>>>" if level < levels - 1 else ""
        head = f"<</Type /XObject /Subtype /Form /BBox [0 0 300 420] {inside} /Length {len(words)}>>"
        forms.append(f"{head}\nstream\n{words}\nendstream")
    return raw_pdf("/F Do ", "/XObject <</F 5 0 R>>", more=forms)


def make_score(piece: Piece, by: User, title: str = "First violin", *, pages: int = 2, **more: Any) -> Score:
    """Made the way the product makes it, of pages that are drawn already."""
    drawn_pages = more.pop("drawn_pages", [drawn(size=(100 + number, 140)) for number in range(pages)])
    given: dict[str, Any] = {"key": uuid4(), "now": timezone.now()} | more
    return add_score(piece=piece, by=by, title=title, pages=drawn_pages, **given)
