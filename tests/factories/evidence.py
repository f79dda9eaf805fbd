from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import User
from apps.core.pictures import Picture, whole_picture
from apps.evidence.content import EvidenceContent, a_link, a_note, a_picture
from apps.evidence.models import LARGEST_SIDE, About, Evidence
from apps.evidence.services import add_evidence

from .photos import picture


def _add(about: About, by: User, content: EvidenceContent, now: datetime | None) -> Evidence:
    """Made the way the product makes it."""
    return add_evidence(key=uuid4(), about=about, by=by, content=content, now=now or timezone.now())


def make_link(
    about: About, by: User, link: str = "https://music.example/take", *, now: Any = None, body: str = ""
) -> Evidence:
    return _add(about, by, a_link(link, body), now)


def make_evidence(about: About, by: User, body: str = "Slow is smooth", *, now: Any = None) -> Evidence:
    """A note."""
    return _add(about, by, a_note(body), now)


def drawn(**given: Any) -> Picture:
    data = picture("PNG", **given)
    return whole_picture(BytesIO(data), len(data), side=LARGEST_SIDE)


def make_picture(
    about: About, by: User, body: str = "", *, file_name: str = "screen.png", now: Any = None, **given: Any
) -> Evidence:
    return _add(about, by, a_picture(drawn(**given), file_name, body), now)
