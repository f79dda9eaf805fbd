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


def make_score(piece: Piece, by: User, title: str = "First violin", *, pages: int = 2, **more: Any) -> Score:
    """Made the way the product makes it, of pages that are drawn already."""
    drawn_pages = [drawn(size=(100 + number, 140)) for number in range(pages)]
    given = {"key": uuid4(), "now": timezone.now()} | more
    return add_score(piece=piece, by=by, title=title, pages=drawn_pages, **given)
