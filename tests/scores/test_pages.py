"""Adding sheet music, turning its pages, and what is refused."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import http
from apps.accounts.models import Student, User
from apps.core import adding
from apps.core.kept_files import FileIsNotKept
from apps.private_teaching.models import Teaching
from apps.safeguarding.models import Report
from apps.scores import services
from apps.scores.models import Score
from tests.conftest import Cast
from tests.factories.photos import photo_file, picture
from tests.factories.repertoire import make_piece, make_skill
from tests.factories.scores import make_score, pdf
from tests.forms.page import Page

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("media")


def add_url(cast: Cast) -> str:
    return reverse("scores:score-add", args=[make_piece(cast.student, cast.user("guardian")).pk])


def send(client: Client, address: str, **fields: object) -> Any:
    return client.post(address, {"key": str(uuid4())} | fields)


def said(answer: Any, name: str) -> str:
    assert answer.status_code == 200
    return Page(answer.content.decode()).said_beside(name)


class TestAdding:
    @pytest.mark.parametrize(
        ("data", "name", "pages", "title"),
        [
            (pdf(3), "Minuet.pdf", 3, "Minuet"),
            (pdf(1), "no ending", 1, "no ending"),
            (picture("PNG", (500, 700)), "photo.png", 1, "photo"),
            (picture("JPEG", (500, 700)), "is really a picture.pdf", 1, "is really a picture"),
        ],
    )
    def test_a_file_becomes_its_pages(
        self, cast: Cast, as_user: SignIn, data: bytes, name: str, pages: int, title: str
    ) -> None:
        client, address = as_user(cast.user("teacher")), add_url(cast)
        answer = send(client, address, sheet=photo_file(data, name))
        row = Score.objects.get()
        assert answer["Location"] == reverse("scores:score-show", args=[row.pk])
        assert (row.title, row.pages.count(), row.added_by) == (title, pages, cast.user("teacher"))
        html = client.get(reverse("repertoire:piece-detail", args=[row.piece_id])).content.decode()
        assert f'href="{answer["Location"]}"' in html
        assert f"{pages} page" in html

    @pytest.mark.parametrize(
        ("data", "name", "words"),
        [
            (b"<!doctype html><script>alert(1)</script>", "score.pdf", "neither a PDF nor a picture"),
            (b"", "score.pdf", "damaged"),
            (pdf(2)[:400], "score.pdf", "damaged"),
            (b"%PDF-1.7" + b"\0" * 5_400_000, "score.pdf", "larger than 5 MB"),
            (picture("GIF"), "score.gif", "neither a PDF nor a picture"),
            (picture("PNG", (9, 9)), "score.png", "too small"),
        ],
        ids=["html", "nothing", "half", "heavy", "gif", "small"],
    )
    def test_what_cannot_be_is_said_beside_the_field(
        self, cast: Cast, as_user: SignIn, data: bytes, name: str, words: str
    ) -> None:
        client = as_user(cast.user("guardian"))
        answer = send(client, add_url(cast), sheet=photo_file(data, name), title="First violin")
        assert words in said(answer, "sheet")
        assert 'value="First violin"' in answer.content.decode()
        assert not Score.objects.exists()

    def test_without_a_file_and_with_too_many_pages(self, cast: Cast, as_user: SignIn, settings: Any) -> None:
        settings.SCORE_MOST_PAGES = 2
        client, address = as_user(cast.user("guardian")), add_url(cast)
        assert "choose a file" in said(send(client, address), "sheet")
        answer = send(client, address, sheet=photo_file(pdf(3), "a.pdf"))
        assert "more than 2 pages" in said(answer, "sheet")
        answer = send(client, address, sheet=photo_file(pdf(1), "a.pdf"), title="x" * 101)
        assert "choose the file again" in said(answer, "sheet")

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (adding.TooMany(10), "10 are the most"),
            (services.TooManyPages(2000), "2000 pages already"),
            (adding.KeyIsTaken(), "used before"),
            (adding.GoneMeanwhile(), "deleted or closed to you"),
            (FileIsNotKept(), "could not be kept just now"),
        ],
    )
    def test_what_the_service_refuses(
        self,
        cast: Cast,
        as_user: SignIn,
        monkeypatch: pytest.MonkeyPatch,
        error: Exception,
        words: str,
    ) -> None:
        def refuse(**given: object) -> None:
            raise error

        monkeypatch.setattr(services, "add_score", refuse)
        answer = send(as_user(cast.user("guardian")), add_url(cast), sheet=photo_file(), title="Viola")
        assert words in answer.content.decode()
        assert 'value="Viola"' in answer.content.decode()

    def test_where_nothing_is_kept(self, cast: Cast, as_user: SignIn) -> None:
        client, address = as_user(cast.user("guardian")), add_url(cast)
        Student.objects.filter(pk=cast.student.pk).update(collecting=False)
        answer = send(client, address, sheet=photo_file())
        assert "Nothing new may be written about" in answer.content.decode()

    def test_what_comes_too_often_is_not_even_drawn(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def draw(*given: object, **more: object) -> None:
            raise AssertionError

        monkeypatch.setattr(http, "WRITES_A_MINUTE", 0)
        monkeypatch.setattr("apps.scores.forms.draw_pages", draw)
        answer = send(as_user(cast.user("guardian")), add_url(cast), sheet=photo_file(pdf(1), "a.pdf"))
        assert "very often" in answer.content.decode()


class TestTheStand:
    def test_pages_are_turned_by_links(self, cast: Cast, as_user: SignIn) -> None:
        row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"), pages=3)
        client, address = as_user(cast.user("viewer")), reverse("scores:score-show", args=[row.pk])
        files = {page.number: str(page.pk) for page in row.pages.all()}
        for asked, shown, ways in [
            ("", 1, {"next": "2"}),
            ("2", 2, {"prev": "1", "next": "3"}),
            ("3", 3, {"prev": "2"}),
            ("4", 1, {"next": "2"}),
            ("-1", 1, {"next": "2"}),
            ("\u0662", 1, {"next": "2"}),
            ("9" * 5000, 1, {"next": "2"}),
        ]:
            html = client.get(address, {"page": asked}).content.decode()
            assert f"Page {shown} of 3" in html
            assert re.findall(r"/score-pages/([0-9a-f-]{36})/", html) == [files[shown]]
            assert dict(re.findall(r'rel="(prev|next)" href="\?page=(\d)#stand"', html)) == ways

    def test_a_page_answers_who_may_see_it_now(self, cast: Cast, as_user: SignIn) -> None:
        row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("guardian"))
        client = as_user(cast.user("teacher"))
        address = reverse("scores:page-show", args=[row.pages.get(number=1).pk])
        answer = client.get(address)
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Content-Disposition"] == 'inline; filename="woodshed-1.webp"'
        known = {"If-None-Match": answer.headers["ETag"]}
        assert client.get(address, headers=known).status_code == 304
        Teaching.objects.filter(teacher=cast.user("teacher")).update(ended_at=timezone.now())
        assert client.get(address, headers=known).status_code == 404

    def test_a_skill_has_none_and_who_may_not_add_sees_no_way(self, cast: Cast, as_user: SignIn) -> None:
        skill = make_skill(cast.student, cast.user("guardian"))
        client = as_user(cast.user("guardian"))
        assert (
            "Sheet music"
            not in client.get(reverse("repertoire:skill-detail", args=[skill.pk])).content.decode()
        )
        piece = reverse("repertoire:piece-detail", args=[make_piece(cast.student, cast.user("guardian")).pk])
        assert "Add sheet music" in client.get(piece).content.decode()
        html = as_user(cast.user("viewer")).get(piece).content.decode()
        assert "No sheet music here yet." in html
        assert "Add sheet music" not in html


def test_it_asks_before_it_deletes(cast: Cast, as_user: SignIn) -> None:
    row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"))
    client, address = as_user(cast.user("teacher")), reverse("scores:score-delete", args=[row.pk])
    assert "First violin" in client.get(address).content.decode()
    assert Score.objects.kept().exists()
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 404


def test_reported_with_its_pages(cast: Cast, as_user: SignIn) -> None:
    row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"))
    address = reverse("scores:score-report", args=[row.pk])
    send(as_user(cast.user("student")), address, category="unkind", words="Look")
    report = Report.objects.get()
    assert (report.kind, report.item_id, report.author) == ("score", row.pk, cast.user("teacher"))
    assert report.photos == list(row.pages.order_by("number").values_list("picture", flat=True))
