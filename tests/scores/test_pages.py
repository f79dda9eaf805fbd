"""Adding sheet music, turning its pages, and what is refused."""

import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import http
from apps.accounts.models import Student, User
from apps.consent.texts import PICTURES_SINCE
from apps.core import adding
from apps.core.kept_files import FileIsNotKept
from apps.core.shown_files import stored_picture
from apps.private_teaching.models import Teaching
from apps.safeguarding.models import Report
from apps.scores import services
from apps.scores.models import Score
from apps.scores.pdf import Fault, PdfIsNotPossible
from apps.scores.views import adding as adding_views
from tests.conftest import Cast
from tests.factories.consent import make_consent
from tests.factories.photos import photo_file, picture
from tests.factories.repertoire import make_piece, make_skill
from tests.factories.safeguarding import make_case, make_member
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
            (adding.TooMany(10), "No more than 10 can be put"),
            (services.TooManyPages(3), "room for 3 more pages"),
            (services.TooMuch(), "no room for a file of this size"),
            (adding.PicturesAreNotAgreedTo(), "has to agree to pictures first"),
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

        monkeypatch.setattr("apps.scores.forms.draw_pages", draw)
        client, address = as_user(cast.user("guardian")), add_url(cast)
        for most, often in ((http, "WRITES_A_MINUTE"), (adding_views, "FILES_A_MINUTE")):
            with monkeypatch.context() as patch:
                patch.setattr(most, often, 0)
                answer = send(client, address, sheet=photo_file(pdf(1), "a.pdf"))
            assert "very often" in answer.content.decode()

    def test_six_files_a_minute_and_no_form_without_one_counts(self, cast: Cast, as_user: SignIn) -> None:
        client, address = as_user(cast.user("guardian")), add_url(cast)
        for _ in range(9):
            assert "choose a file" in said(send(client, address), "sheet")
        for _ in range(6):
            assert send(client, address, sheet=photo_file()).status_code == 302
        assert "very often" in send(client, address, sheet=photo_file()).content.decode()
        assert Score.objects.count() == 6

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            (Fault.BUSY, "in a moment"),
            (Fault.SLOW, "takes too long"),
            (Fault.TOO_LONG, "too long to be read"),
            (Fault.TOO_FULL, "fewer pages at once"),
            (Fault.ENCRYPTED, "password"),
            (Fault.NOT_NOW, "could not be drawn just now"),
        ],
    )
    def test_what_cannot_be_drawn_says_what_to_do(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch, fault: Fault, words: str
    ) -> None:
        def refuse(*given: object, **more: object) -> None:
            raise PdfIsNotPossible(fault)

        monkeypatch.setattr("apps.scores.forms.draw_pages", refuse)
        answer = send(as_user(cast.user("guardian")), add_url(cast), sheet=photo_file(pdf(1), "a.pdf"))
        assert words in said(answer, "sheet")

    def test_another_photo_of_the_same_name_is_asked_for_again(self, cast: Cast, as_user: SignIn) -> None:
        """The answer to the first one got lost, and the page still holds its key."""
        client, address, key = as_user(cast.user("student")), add_url(cast), str(uuid4())
        sent = [
            photo_file(picture("JPEG", (500, 700), colour=colour), "image.jpg") for colour in ("red", "blue")
        ]
        assert send(client, address, key=key, sheet=sent[0]).status_code == 302
        answer = send(client, address, key=key, sheet=sent[1])
        assert "choose the file again" in said(answer, "sheet")
        assert f'value="{key}"' not in answer.content.decode()
        assert Score.objects.count() == 1


class TestBeforeAFileIsChosen:
    def test_where_nobody_agreed_to_pictures(self, cast: Cast, as_user: SignIn) -> None:
        make_consent(cast.student, cast.user("guardian"), text_version=PICTURES_SINCE - 1)
        address, permissions = add_url(cast), reverse("consent:student-consents", args=[cast.student.pk])
        for who, leads in (("guardian", True), ("teacher", False)):
            html = as_user(cast.user(who)).get(address).content.decode()
            assert "has to agree to pictures first" in html
            assert 'name="sheet"' not in html
            assert (f'href="{permissions}"' in html) is leads
        Student.objects.filter(pk=cast.student.pk).update(collecting=False)
        html = as_user(cast.user("teacher")).get(address).content.decode()
        assert "has to agree to pictures first" not in html

    def test_where_the_piece_has_all_it_can_have(self, cast: Cast, as_user: SignIn, settings: Any) -> None:
        settings.SCORES_PER_PIECE = 1
        piece, client = make_piece(cast.student, cast.user("guardian")), as_user(cast.user("teacher"))
        address = reverse("scores:score-add", args=[piece.pk])
        assert 'name="sheet"' in client.get(address).content.decode()
        make_score(piece, cast.user("student"))
        html = client.get(address).content.decode()
        assert "Delete one or ask the family to" in html
        assert 'name="sheet"' not in html


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
            assert f"<title>{shown}/3 · " in html
            assert re.findall(r'src="/score-pages/([0-9a-f-]{36})/', html) == [files[shown]]
            ahead = re.findall(r'rel="prefetch" as="image" href="/score-pages/([0-9a-f-]{36})/', html)
            assert ahead == [files[number] for number in (shown + 1,) if number in files]
            assert dict(re.findall(r'rel="(prev|next)" href="\?page=(\d)#stand"', html)) == ways

    def test_one_whose_pages_an_erasure_has_taken_already(self, cast: Cast, as_user: SignIn) -> None:
        row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"))
        row.pages.all().delete()
        client = as_user(cast.user("guardian"))
        assert client.get(reverse("scores:score-show", args=[row.pk])).status_code == 404

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


def test_a_title_that_looks_like_a_file_is_words(cast: Cast, as_user: SignIn) -> None:
    """Nobody has the team look at a page of another diary by writing its name."""
    by = cast.user("other_guardian")
    other = make_score(make_piece(cast.other_student, by), by).pages.get(number=1)
    row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("guardian"), other.picture)
    send(
        as_user(cast.user("teacher")),
        reverse("scores:score-report", args=[row.pk]),
        category="unkind",
        words="L",
    )
    report = Report.objects.get()
    assert other.picture in report.evidence
    assert report.photos == list(row.pages.order_by("number").values_list("picture", flat=True))


class TestTheTeam:
    """Three pages at a time: each is read from the storage and stands in the answer."""

    @pytest.mark.parametrize(
        ("asked", "shown"), [("", [1, 2, 3]), ("4", [4, 5]), ("0", [1, 2, 3]), ("x", [1, 2, 3])]
    )
    def test_pages_on_the_page_of_a_report_and_of_the_row(
        self, cast: Cast, as_user: SignIn, asked: str, shown: list[int]
    ) -> None:
        row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"), pages=5)
        send(
            as_user(cast.user("student")),
            reverse("scores:score-report", args=[row.pk]),
            category="unkind",
            words="L",
        )
        team = make_member(cast.user("staff"), "safeguarding")
        make_case(team, cast.student)
        files = {page.number: stored_picture(page.picture) or b"" for page in row.pages.all()}
        for address in (
            reverse("admin:safeguarding_report_change", args=[Report.objects.get().pk]),
            reverse("admin:scores_score_change", args=[row.pk]),
        ):
            html = as_user(team).get(address, {"from": asked}).content.decode()
            assert [number for number, data in files.items() if b64encode(data).decode() in html] == shown
            assert re.findall(r'href="\?from=(\d)"', html) == ["1", "4"]
