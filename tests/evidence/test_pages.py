"""Adding, showing and deleting evidence, as people do it."""

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
from apps.consent.texts import PICTURES_SINCE
from apps.core import adding
from apps.core.kept_files import FileIsNotKept
from apps.evidence import services
from apps.evidence.models import Evidence
from apps.practice.services import delete_entry
from tests.conftest import Cast
from tests.factories.children import child_client, make_child_login
from tests.factories.consent import make_consent
from tests.factories.evidence import make_evidence, make_link, make_picture
from tests.factories.photos import photo_file, picture
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_skill
from tests.forms.page import Page

SignIn = Callable[[User], Client]
KINDS = ("link", "note", "screenshot")


def add_url(cast: Cast, kind: str = "note", entry: Any = None) -> str:
    return reverse("evidence:entry-add", args=[(entry or cast.entry).pk]) + f"?kind={kind}"


def send(client: Client, address: str, **fields: object) -> Any:
    return client.post(address, {"key": str(uuid4())} | fields)


def said(answer: Any, name: str) -> str:
    assert answer.status_code == 200
    return Page(answer.content.decode()).said_beside(name)


def detail(client: Client, cast: Cast, entry: Any = None) -> str:
    answer = client.get(reverse("practice:entry-detail", args=[(entry or cast.entry).pk]))
    assert answer.status_code == 200
    return answer.content.decode()


class TestAdding:
    @pytest.mark.parametrize(
        ("kind", "fields"),
        [
            ("link", {"link": "music.example/take", "body": "My first take"}),
            ("note", {"body": "Slow is\nsmooth"}),
            ("screenshot", {"picture": photo_file(), "body": "The fingering"}),
        ],
    )
    def test_three_ways(self, cast: Cast, as_user: SignIn, kind: str, fields: dict[str, Any]) -> None:
        client = as_user(cast.user("student"))
        assert f'href="{add_url(cast, kind)}"' in detail(client, cast)
        form = Page(client.get(add_url(cast, kind)).content.decode()).form_with(fields)
        assert set(fields) <= set(form.inputs)
        answer = send(client, add_url(cast, kind), **fields)
        assert (answer.status_code, answer["Location"]) == (
            302,
            reverse("practice:entry-detail", args=[cast.entry.pk]) + "#evidence",
        )
        row = Evidence.objects.get()
        assert (row.kind, row.added_by) == (kind, cast.user("student"))
        assert re.sub(r"\s+", " ", row.body) in re.sub(r"\s+", " ", detail(client, cast))

    def test_on_a_skill(self, cast: Cast, as_user: SignIn) -> None:
        skill = make_skill(cast.student, cast.user("guardian"))
        client = as_user(cast.user("logger"))
        address = reverse("evidence:skill-add", args=[skill.pk]) + "?kind=link"
        assert send(client, address, link="https://music.example/vibrato").status_code == 302
        html = client.get(reverse("repertoire:skill-detail", args=[skill.pk])).content.decode()
        assert 'href="https://music.example/vibrato" rel="noopener noreferrer nofollow"' in html
        assert 'leads to <bdi dir="ltr">music.example</bdi>' in html

    @pytest.mark.parametrize(
        ("kind", "fields", "field", "words"),
        [
            ("link", {}, "link", "fill this in"),
            ("link", {"link": "javascript:alert(1)"}, "link", "https://"),
            ("link", {"link": "https://me:secret@music.example"}, "link", "password"),
            ("link", {"link": "https://music.example/" + "x" * 500}, "link", "500"),
            ("link", {"link": "https://music.example/", "body": "x" * 201}, "body", "200"),
            ("note", {}, "body", "fill this in"),
            ("note", {"body": "\u200b"}, "body", "can be seen"),
            ("note", {"body": "x" * 2001}, "body", "2000"),
            ("screenshot", {}, "picture", "choose a picture"),
            (
                "screenshot",
                {"picture": photo_file(b"<svg/>", "a.png")},
                "picture",
                "not a picture that we can",
            ),
            ("screenshot", {"picture": photo_file(b"", "a.png")}, "picture", "damaged"),
            ("screenshot", {"picture": photo_file(picture("PNG", (9, 9)), "a.png")}, "picture", "too small"),
            (
                "screenshot",
                {"picture": photo_file(picture() + b"\0" * 5_300_000, "a.png")},
                "picture",
                "larger than 5 MB",
            ),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, cast: Cast, as_user: SignIn, kind: str, fields: dict[str, Any], field: str, words: str
    ) -> None:
        answer = send(as_user(cast.user("guardian")), add_url(cast, kind), **fields)
        assert words in said(answer, field)
        assert not Evidence.objects.exists()

    def test_with_another_mistake_the_picture_is_asked_for_again(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("guardian"))
        answer = send(client, add_url(cast, "screenshot"), picture=photo_file(), body="x" * 201)
        assert "choose the picture again" in said(answer, "picture")

    def test_a_storage_that_is_down_is_said_beside_the_field(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(**given: object) -> None:
            raise FileIsNotKept

        monkeypatch.setattr(services, "add_evidence", fail)
        client = as_user(cast.user("guardian"))
        answer = send(client, add_url(cast, "screenshot"), picture=photo_file(), body="The fingering")
        assert "could not be kept just now" in said(answer, "picture")
        assert "The fingering" in answer.content.decode()

    def test_what_comes_too_often_is_not_even_decoded(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def decode(*given: object, **more: object) -> None:
            raise AssertionError

        monkeypatch.setattr(http, "WRITES_A_MINUTE", 0)
        monkeypatch.setattr("apps.evidence.forms.whole_picture", decode)
        client = as_user(cast.user("guardian"))
        answer = send(client, add_url(cast, "screenshot"), picture=photo_file(), body="The fingering")
        assert "very often" in answer.content.decode()
        assert "The fingering" in answer.content.decode()

    def test_a_picture_counts_once(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(http, "WRITES_A_MINUTE", 2)
        client = as_user(cast.user("guardian"))
        sent = [send(client, add_url(cast, "screenshot"), picture=photo_file()).status_code for _ in range(3)]
        assert sent == [302, 302, 200]

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("screen.png", "screen.png"),
            ("../../etc/passwd", "passwd"),
            ("a\u202egnp.exe", "agnp.exe"),
            ("x" * 300 + ".png", 200),
        ],
    )
    def test_the_name_of_a_file_is_words_and_no_way(
        self, cast: Cast, as_user: SignIn, name: str, kept: str | int
    ) -> None:
        client = as_user(cast.user("guardian"))
        assert send(client, add_url(cast, "screenshot"), picture=photo_file(name=name)).status_code == 302
        row = Evidence.objects.get()
        assert len(row.file_name) <= 200 if isinstance(kept, int) else row.file_name == kept
        assert re.fullmatch(r"evidence/[0-9a-f-]{36}\.webp", row.picture)

    def test_nothing_is_asked_of_a_link(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def call(*given: object, **more: object) -> None:
            raise AssertionError

        monkeypatch.setattr("socket.getaddrinfo", call)
        client = as_user(cast.user("guardian"))
        assert send(client, add_url(cast, "link"), link="http://inside.example/admin").status_code == 302


class TestWhereItCannotBe:
    def test_a_full_entry_says_so_instead_of_the_ways(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("guardian"))
        for number in range(5):
            make_evidence(cast.entry, cast.user("guardian"), f"Number {number}")
        html = detail(client, cast)
        assert "5 are the most that a session can have" in html
        assert "Add a link" not in html
        page = client.get(add_url(cast)).content.decode()
        assert "5 are the most there can be here" in page
        assert 'name="body"' not in page
        answer = send(client, add_url(cast), body="One more")
        html = answer.content.decode()
        assert "Delete one, then add this one" in html
        assert "One more" in html
        assert Evidence.objects.count() == 5

    @pytest.mark.parametrize("who", ["teacher", "viewer", "logger"])
    def test_who_may_not_add_sees_no_way_and_finds_none(self, cast: Cast, as_user: SignIn, who: str) -> None:
        client = as_user(cast.user(who))
        assert 'id="evidence"' not in detail(client, cast), "an empty fold says nothing"
        make_evidence(cast.entry, cast.user("guardian"))
        html = detail(client, cast)
        assert "Slow is smooth" in html
        assert "Add a note" not in html
        assert client.get(add_url(cast)).status_code == 403
        assert client.get(add_url(cast, entry=cast.private_entry)).status_code == 404

    def test_an_empty_one_teaches_the_first_step(self, cast: Cast, as_user: SignIn) -> None:
        assert "Something to show for this session?" in detail(as_user(cast.user("student")), cast)

    def test_where_nothing_is_kept(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("guardian"))
        Student.objects.filter(pk=cast.student.pk).update(collecting=False)
        assert "Nothing new may be written here" in client.get(add_url(cast)).content.decode()
        answer = send(client, add_url(cast), body="Slow is smooth")
        assert "Nothing new may be written about" in answer.content.decode()
        assert "Slow is smooth" in answer.content.decode()

    def test_a_child_is_led_to_no_closed_page(self, cast: Cast) -> None:
        make_consent(cast.other_student, cast.user("other_guardian"), text_version=PICTURES_SINCE - 1)
        make_child_login(cast.other_student, cast.user("other_guardian"))
        client = child_client(cast.other_student, cast.user("other_guardian"))
        entry = make_entry(cast.other_student, cast.user("other_guardian"))
        page = client.get(add_url(cast, "screenshot", entry)).content.decode()
        assert "has to agree to pictures first" in page
        assert "/consents/" not in page

    @pytest.mark.parametrize(("who", "leads"), [("guardian", True), ("student", False), ("logger", False)])
    def test_where_nobody_agreed_to_pictures_yet(
        self, cast: Cast, as_user: SignIn, who: str, leads: bool
    ) -> None:
        """It is said before somebody chooses one; and where that changed meanwhile, the words stay."""
        make_consent(cast.student, cast.user("guardian"), text_version=PICTURES_SINCE - 1)
        client, entry = as_user(cast.user(who)), make_entry(cast.student, cast.user(who))
        address, words = add_url(cast, "screenshot", entry), "has to agree to pictures first"
        page = client.get(address).content.decode()
        assert words in page
        assert 'type="file"' not in page
        assert (reverse("consent:student-consents", args=[cast.student.pk]) in page) is leads
        html = send(client, address, picture=photo_file(), body="The fingering").content.decode()
        assert words in html
        assert 'value="The fingering"' in html
        assert not Evidence.objects.exists()
        assert words not in client.get(add_url(cast, "note", entry)).content.decode()

    def test_what_went_while_somebody_typed(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whoever sees the place still keeps the words; whoever does not gets the answer of nothing."""
        client = as_user(cast.user("guardian"))

        def be_late(**given: object) -> None:
            raise adding.GoneMeanwhile

        monkeypatch.setattr(services, "add_evidence", be_late)
        answer = send(client, add_url(cast), body="Slow is smooth")
        assert "deleted or closed to you meanwhile" in answer.content.decode()
        assert "Slow is smooth" in answer.content.decode()

        def be_shut_out(**given: object) -> None:
            delete_entry(entry=cast.entry, by=cast.user("student"), now=timezone.now())
            raise adding.GoneMeanwhile

        monkeypatch.setattr(services, "add_evidence", be_shut_out)
        assert send(client, add_url(cast), body="Slow is smooth").status_code == 404

    def test_a_form_that_was_used_before_gets_another_key(self, cast: Cast, as_user: SignIn) -> None:
        client, key = as_user(cast.user("guardian")), str(uuid4())
        assert send(client, add_url(cast), key=key, body="One").status_code == 302
        answer = send(client, add_url(cast), key=key, body="Two")
        assert "used before" in answer.content.decode()
        again = Page(answer.content.decode()).form_with(["key", "body"]).values
        assert again["key"] != [key]
        assert send(client, add_url(cast), key=again["key"][0], body="Two").status_code == 302

    @pytest.mark.parametrize("kind", ["", "film", "NOTE", "\0"])
    def test_a_kind_that_is_none_is_a_note(self, cast: Cast, as_user: SignIn, kind: str) -> None:
        answer = as_user(cast.user("guardian")).get(
            reverse("evidence:entry-add", args=[cast.entry.pk]), {"kind": kind}
        )
        assert "What you learned" in answer.content.decode()


class TestWhoSees:
    @pytest.mark.parametrize(
        ("entry", "words"),
        [
            ("entry", "Everybody who sees this diary sees it."),
            ("private_entry", "only the family sees it"),
            ("addressed_entry", "and the family see it, like the session"),
        ],
    )
    def test_the_page_says_it(self, cast: Cast, as_user: SignIn, entry: str, words: str) -> None:
        answer = as_user(cast.user("guardian")).get(add_url(cast, entry=getattr(cast, entry)))
        assert words in answer.content.decode()

    def test_words_cannot_dress_up_as_markup(self, cast: Cast, as_user: SignIn) -> None:
        by = cast.user("guardian")
        make_evidence(cast.entry, by, "<script>alert(1)</script>")
        make_link(cast.entry, by, 'https://music.example/"><script>alert(2)</script>')
        make_picture(cast.entry, by, '" onload="alert(3)', file_name='"><script>alert(4)</script>.png')
        html = detail(as_user(cast.user("teacher")), cast)
        assert "<script>alert" not in html
        assert 'onload="alert' not in html
        assert "&lt;script&gt;alert(1)" in html


class TestDeleting:
    def test_it_asks_first(self, cast: Cast, as_user: SignIn) -> None:
        row, client = make_evidence(cast.entry, cast.user("student")), as_user(cast.user("guardian"))
        address = reverse("evidence:evidence-delete", args=[row.pk])
        assert address in detail(client, cast)
        assert "Slow is smooth" in client.get(address).content.decode()
        assert Evidence.objects.kept().exists()
        assert client.post(address)["Location"].endswith("#evidence")
        assert client.post(address).status_code == 404
        assert "Slow is smooth" not in detail(client, cast)

    def test_of_two_at_once_the_second_changes_nothing(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = make_evidence(cast.entry, cast.user("student"))

        def be_late(**given: object) -> None:
            raise adding.GoneMeanwhile

        monkeypatch.setattr(services, "delete_evidence", be_late)
        client = as_user(cast.user("student"))
        assert client.post(reverse("evidence:evidence-delete", args=[row.pk])).status_code == 302

    def test_a_teacher_looks_and_tells_but_takes_nothing_away(self, cast: Cast, as_user: SignIn) -> None:
        row, client = make_evidence(cast.entry, cast.user("student")), as_user(cast.user("teacher"))
        html = detail(client, cast)
        assert reverse("evidence:evidence-report", args=[row.pk]) in html
        assert reverse("evidence:evidence-delete", args=[row.pk]) not in html
        assert client.post(reverse("evidence:evidence-delete", args=[row.pk])).status_code == 403


def test_a_guests_own_session_takes_their_evidence(cast: Cast, as_user: SignIn) -> None:
    logger = cast.user("logger")
    entry, client = make_entry(cast.student, logger), as_user(logger)
    assert send(client, add_url(cast, entry=entry), body="We counted").status_code == 302
    assert "We counted" in detail(as_user(cast.user("student")), cast, entry)
