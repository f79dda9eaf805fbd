"""Lines of entries as tests write them."""

from typing import Any

from django.test import Client

from apps.practice.content import About, Line
from apps.practice.models import PracticeEntry, PracticeItem
from apps.repertoire.models import Piece
from tests.conftest import Cast
from tests.factories.practice import make_entry

from .test_logging_pages import fields, log_url, logged


def typed(client: Client, cast: Cast, title: str, **more: str) -> PracticeItem:
    client.force_login(cast.user("student"))
    sent = {f"lines-0-{name}": value for name, value in {"title": title, **more}.items()}
    answer = client.post(log_url(cast), fields(**sent))
    assert answer.status_code == 302
    return logged(cast).items.get()


def attach(cast: Cast, piece: Piece, **more: Any) -> PracticeEntry:
    line = Line(piece.title, about=About(piece=piece.pk))
    return make_entry(cast.student, cast.user("student"), lines=[line], **more)
