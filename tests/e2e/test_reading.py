"""A grandmother without an account, in the browser: the mail, the button, the page, and its end."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import ReaderLink
from apps.practice.content import Line
from apps.practice.models.comments import AuthorRole
from apps.practice.services import add_comment
from tests.conftest import Cast, make_cast
from tests.factories.practice import make_entry

from .conftest import Visitor

Enter = Callable[..., Visitor]
Post = Callable[[str, str], str]
LONG = "W" * 90


@pytest.fixture
def mia(transactional_db: None) -> Cast:
    return make_cast()


def look(person: Visitor, name: str) -> None:
    """In every look; with SCREENSHOTS set, each is kept in that folder."""
    person.check_looks()
    if folder := os.environ.get("SCREENSHOTS"):
        looks: list[tuple[int, Literal["light", "dark"]]] = [(390, "light"), (1280, "dark")]
        for width, scheme in looks:
            person.page.set_viewport_size({"width": width, "height": 844})
            person.page.emulate_media(color_scheme=scheme)
            person.page.screenshot(path=str(Path(folder) / f"{name}-{width}-{scheme}.png"), full_page=True)


def test_a_grandmother_reads_along(visitor: Enter, mia: Cast, post: Post) -> None:
    guardian, now = visitor(), timezone.now()
    guardian.is_signed_in(mia.user("guardian"))
    assert guardian.visit(f"/students/{mia.student.pk}/links/new/") == 200
    guardian.fill(name="Grandma " + "W" * 50, email="gran@people.example")
    guardian.submit()
    assert guardian.says("not opened yet")
    look(guardian, "links-listed")

    link = post("gran@people.example", r"/family/read/\w+/")
    grandma = visitor()
    assert grandma.visit(link) == 200
    look(grandma, "link-closed")
    grandma.page.keyboard.press("Tab")
    grandma.press("Open the diary")
    assert grandma.says("What Mia practised")
    look(grandma, "reading-plain")

    entry = make_entry(
        mia.student,
        mia.user("student"),
        lines=[Line(LONG, minutes=30)],
        description=LONG * 3,
        achievements="אבגד " + LONG,
    )
    add_comment(
        key=entry.pk, entry=entry, by=mia.user("teacher"), role=AuthorRole.TEACHER, body=LONG, now=now
    )
    grandma.page.reload()
    look(grandma, "reading-full")
    grandma.page.get_by_role("link", name="The week before").click()
    assert grandma.says("Nothing is written down for this week.")
    look(grandma, "reading-empty")

    guardian.page.reload()
    assert guardian.says("Opened once")
    services.end_reader_link(link=ReaderLink.objects.get(), by=mia.user("guardian"), now=now)
    assert grandma.visit("/family/read/") == 404
    assert grandma.visit(link) == 404
    look(grandma, "link-lost")
