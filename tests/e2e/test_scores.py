"""Sheet music on the stand: a PDF is sent, its pages are turned by key, by tap, and without any script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from apps.scores import pdf as pdfs
from tests.conftest import Cast, make_cast
from tests.factories.repertoire import make_piece
from tests.factories.scores import pdf

from .conftest import Visitor
from .test_repertoire import enter, look

Enter = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a browser the clock says nothing."""
    monkeypatch.setattr(pdfs, "PATIENCE", 120)


def sheet(data: bytes) -> FilePayload:
    return {"name": "score.pdf", "mimeType": "application/pdf", "buffer": data}


@pytest.fixture
def mia(transactional_db: None) -> Cast:
    return make_cast()


def test_pages_are_turned_by_key_and_by_tap(visitor: Enter, mia: Cast) -> None:
    piece = make_piece(mia.student, mia.user("teacher"), "Minuet in G")
    student = enter(visitor, mia, "student")
    student.visit(f"/pieces/{piece.pk}/")
    look(student, "scores-empty")
    student.page.get_by_role("link", name="Add sheet music").press("Enter")
    student.page.wait_for_url("**/scores/add/")
    look(student, "scores-add")
    student.page.set_input_files("[name=sheet]", files=[sheet(b"<html>no notes</html>")])
    student.submit()
    assert student.says("neither a PDF nor a picture")
    student.page.set_input_files("[name=sheet]", files=[sheet(pdf(3))])
    student.submit()
    assert student.says("Page 1 of 3")
    look(student, "scores-stand")
    for key, shown in [("ArrowRight", 2), ("PageDown", 3), ("ArrowRight", 3), ("ArrowLeft", 2)]:
        # By this key one first reads to the end of the page.
        student.page.locator(".pager").scroll_into_view_if_needed()
        student.page.keyboard.press(key)
        expect(student.page.locator(".pager")).to_contain_text(f"Page {shown} of 3")
    student.page.locator("#stand img").click()
    expect(student.page.locator(".pager")).to_contain_text("Page 3 of 3")


def test_all_of_it_without_scripts(visitor: Enter, mia: Cast) -> None:
    piece = make_piece(mia.student, mia.user("teacher"), "Minuet in G")
    teacher = enter(visitor, mia, "teacher", scripts=False)
    teacher.visit(f"/pieces/{piece.pk}/scores/add/")
    teacher.page.set_input_files("[name=sheet]", files=[sheet(pdf(2))])
    teacher.submit()
    teacher.page.get_by_role("link", name="Next page").click()
    assert teacher.says("Page 2 of 2")
    teacher.page.get_by_role("link", name="Delete").click()
    teacher.press("Delete")
    assert teacher.says("No sheet music here yet.")
