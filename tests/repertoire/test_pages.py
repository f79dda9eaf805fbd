"""The pages as people use them."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student
from apps.repertoire import services
from apps.repertoire.models import Note, Piece
from tests.conftest import Cast
from tests.factories.repertoire import make_note, make_piece, make_skill
from tests.forms.page import Page

from .asking import SignIn, messages, page, said, send


class TestLists:
    def test_pieces_stand_by_how_far_they_are(self, cast: Cast, as_user: SignIn) -> None:
        by = cast.user("guardian")
        for title, status in [("Gigue", "archived"), ("Aria", "ready"), ("Musette", "learning")]:
            make_piece(cast.student, by, title, status=status)
        make_piece(cast.student, by, "Étude", status="learning")
        make_piece(cast.other_student, cast.user("other_guardian"), "Foreign")
        html = page(as_user(cast.user("viewer")), "piece-list", cast.student.pk)
        words = ["Learning", "Étude", "Musette", "Ready to perform", "Aria", "Archived", "Gigue"]
        places = [html.index(word) for word in words]
        assert places == sorted(places)
        assert "Foreign" not in html
        assert "Polishing" not in html
        assert "Add a piece" not in html

    def test_skills_stand_by_kind_and_what_is_put_away_last(self, cast: Cast, as_user: SignIn) -> None:
        by = cast.user("guardian")
        make_skill(cast.student, by, "Reading notes", category="theory")
        make_skill(cast.student, by, "Vibrato")
        make_skill(cast.student, by, "Arpeggios", is_archived=True)
        html = page(as_user(cast.user("teacher")), "skill-list", cast.student.pk)
        places = [html.index(word) for word in ("Vibrato", "Reading notes", "Put away", "Arpeggios")]
        assert places == sorted(places)
        assert "Add a skill" in html

    @pytest.mark.parametrize("name", ["piece-list", "skill-list"])
    def test_an_empty_one_teaches_the_first_step(self, cast: Cast, as_user: SignIn, name: str) -> None:
        assert "Add the first" in page(as_user(cast.user("student")), name, cast.student.pk)
        html = page(as_user(cast.user("viewer")), name, cast.student.pk)
        assert "As soon as the family or a teacher" in html

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("minuet", {"Minuet in G"}),
            ("DVORAK", {"Humoresque"}),
            ("rests", {"Humoresque"}),
            ("youtube.example", {"Minuet in G"}),
            ("nothing", set()),
            ("%", set()),
            ("\0", {"Minuet in G", "Humoresque"}),
        ],
    )
    def test_a_search_reads_names_notes_and_links(
        self, cast: Cast, as_user: SignIn, words: str, found: set[str]
    ) -> None:
        by = cast.user("guardian")
        minuet = make_piece(cast.student, by, "Minuet in G")
        make_note(minuet, by, "", link="https://youtube.example/1")
        make_note(
            make_piece(cast.student, by, "Humoresque", composer="Antonín Dvořák"), by, "Count the rests"
        )
        client = as_user(cast.user("student"))
        answer = client.get(reverse("repertoire:piece-list", args=[cast.student.pk]), {"q": words})
        html = answer.content.decode()
        assert {title for title in ("Minuet in G", "Humoresque") if title in html} == found
        if not found:
            assert "Nothing found" in html

    def test_a_concept_is_found_in_two_clicks(self, cast: Cast, as_user: SignIn) -> None:
        """From the diary to the list, from there to the page on which its links stand."""
        by = cast.user("teacher")
        make_note(make_skill(cast.student, by, "Vibrato"), by, "", link="https://music.example/vibrato")
        client = as_user(cast.user("student"))
        diary = client.get(reverse("practice:entry-list", args=[cast.student.pk])).content.decode()
        pieces = reverse("repertoire:piece-list", args=[cast.student.pk])
        assert f'href="{pieces}"' in diary
        skills = reverse("repertoire:skill-list", args=[cast.student.pk])
        html = client.get(pieces).content.decode()
        assert f'href="{skills}"' in html
        make_note(make_piece(cast.student, by, "Minuet"), by, "", link="https://music.example/minuet")
        first = re.search(r'href="(/pieces/[^"]+)"', client.get(pieces).content.decode())
        assert first is not None
        assert 'href="https://music.example/minuet"' in client.get(first[1]).content.decode()

    def test_what_is_private_makes_no_difference_to_others(self, cast: Cast, as_user: SignIn) -> None:
        by = cast.user("guardian")
        piece, skill = make_piece(cast.student, by, "Minuet"), make_skill(cast.student, by)
        make_piece(cast.student, by, "Minuet")

        def seen(who: str) -> list[str]:
            client = as_user(cast.user(who))
            addresses = [
                ("piece-list", cast.student.pk, ""),
                ("piece-list", cast.student.pk, "?q=secret"),
                ("skill-list", cast.student.pk, "?q=secret"),
                ("piece-detail", piece.pk, ""),
                ("skill-detail", skill.pk, ""),
            ]
            pages = [page(client, name, key, query=query) for name, key, query in addresses]
            made_anew = r'name="(key|csrfmiddlewaretoken)"[^>]*|value="[^"]{30,}"[^>]*|X-CSRFToken": "[^"]*'
            return [re.sub(made_anew, "", html) for html in pages]

        others = ("teacher", "second_teacher", "viewer", "logger")
        before = {who: seen(who) for who in (*others, "student")}
        for about in (piece, skill):
            make_note(about, by, "A secret", is_private=True)
        assert {who: seen(who) for who in others} == {who: before[who] for who in others}
        assert seen("student") != before["student"]


class TestPieces:
    def fields(self, **more: object) -> dict[str, object]:
        return {"key": str(uuid4()), "title": "Minuet in G", "status": "learning"} | more

    def test_one_that_is_there_is_shown_first(self, cast: Cast, as_user: SignIn) -> None:
        known = make_piece(cast.student, cast.user("teacher"), "Minuet in G", composer="Petzold")
        client = as_user(cast.user("student"))
        assert "It is another piece" not in page(client, "piece-add", cast.student.pk)
        fields = self.fields(title="MINUET IN G.", words="Slowly")
        answer = send(client, "piece-add", cast.student.pk, **fields)
        assert "looks like a piece that is there already" in said(answer, "title")
        html = answer.content.decode()
        assert reverse("repertoire:piece-detail", args=[known.pk]) in html
        assert "It is another piece" in html
        assert Piece.objects.count() == 1
        answer = send(client, "piece-add", cast.student.pk, **fields, anyway="on")
        assert answer.status_code == 302
        assert Piece.objects.count() == 2
        assert Note.objects.get().body == "Slowly"
        # Its page says so, and leads to making them one.
        html = client.get(answer["Location"]).content.decode()
        assert "There is another piece of this name" in html

    @pytest.mark.parametrize(
        ("fields", "field", "words"),
        [
            ({"title": ""}, "title", "fill this in"),
            ({"title": "x" * 201}, "title", "200"),
            ({"composer": "x" * 101}, "composer", "100"),
            ({"difficulty": "6"}, "difficulty", "valid choice"),
            ({"started_on": "tomorrow"}, "started_on", "still to come"),
            ({"started_on": "soon"}, "started_on", "valid date"),
            ({"started_on": "1066-10-14"}, "started_on", "1900"),
            ({"status": "forgotten"}, "status", "valid choice"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, cast: Cast, as_user: SignIn, fields: dict[str, str], field: str, words: str
    ) -> None:
        if fields.get("started_on") == "tomorrow":
            today = cast.student.today(timezone.now())
            fields = {"started_on": (today + timedelta(days=1)).isoformat()}
        answer = send(as_user(cast.user("guardian")), "piece-add", cast.student.pk, **self.fields(**fields))
        assert words in said(answer, field)
        assert not Piece.objects.exists()

    def test_names_are_offered_and_typing_goes_without(self, cast: Cast, as_user: SignIn) -> None:
        """Own pieces and the catalogue; nobody else's."""
        make_piece(cast.student, cast.user("guardian"), "Our own tune", composer="Grandpa")
        make_piece(cast.other_student, cast.user("other_guardian"), "Foreign tune")
        html = page(as_user(cast.user("teacher")), "piece-add", cast.student.pk)
        for name in ("Our own tune", "Grandpa", "Für Elise", "Clara Schumann"):
            assert f'<option value="{name}">' in html
        assert "Foreign tune" not in html
        assert 'list="known-titles"' in html and 'id="known-titles"' in html  # noqa: PT018

    def test_status_by_a_button(self, cast: Cast, as_user: SignIn) -> None:
        piece, client = make_piece(cast.student, cast.user("guardian")), as_user(cast.user("teacher"))
        answer = send(client, "piece-status", piece.pk, status="ready")
        assert (answer.status_code, messages(answer)) == (302, ["Changed."])
        assert "ready to perform" in page(client, "piece-detail", piece.pk)
        answer = send(client, "piece-status", piece.pk, status="forgotten")
        assert messages(answer)[-1] == "Choose how far the piece is."
        assert Piece.objects.get().status == "ready"

    def test_status_of_one_that_went_meanwhile(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        piece, client = make_piece(cast.student, cast.user("guardian")), as_user(cast.user("teacher"))

        def be_late(**given: object) -> None:
            raise services.GoneMeanwhile

        monkeypatch.setattr(services, "set_status", be_late)
        answer = send(client, "piece-status", piece.pk, status="ready")
        assert answer["Location"] == reverse("repertoire:piece-list", args=[cast.student.pk])
        assert messages(answer) == ["This piece was deleted or merged meanwhile."]

    def test_no_status_where_nothing_is_kept(self, cast: Cast, as_user: SignIn) -> None:
        piece, client = (
            make_piece(cast.student, cast.user("guardian"), status="ready"),
            as_user(cast.user("teacher")),
        )
        Student.objects.update(collecting=False)
        assert "agreed" in messages(send(client, "piece-status", piece.pk, status="learning"))[-1]
        assert Piece.objects.get().status == "ready"

    def test_somebody_else_was_quicker(self, cast: Cast, as_user: SignIn) -> None:
        piece, client = (
            make_piece(cast.student, cast.user("guardian"), "Minuet"),
            as_user(cast.user("student")),
        )
        send(client, "piece-edit", piece.pk, title="Menuett", version="")
        answer = send(client, "piece-edit", piece.pk, title="Minuetto", version="")
        assert "Somebody changed this" in answer.content.decode()
        again = Page(answer.content.decode()).form_with(["title", "version"]).values
        assert again["title"] == ["Minuetto"]
        assert (
            send(client, "piece-edit", piece.pk, title="Minuetto", version=again["version"][0]).status_code
            == 302
        )
        assert Piece.objects.get().title == "Minuetto"

    def test_deleted_it_is_nowhere(self, cast: Cast, as_user: SignIn) -> None:
        piece, client = make_piece(cast.student, cast.user("teacher")), as_user(cast.user("guardian"))
        assert "archived" in page(client, "piece-delete", piece.pk)
        answer = send(client, "piece-delete", piece.pk)
        assert answer["Location"] == reverse("repertoire:piece-list", args=[cast.student.pk])
        assert client.get(reverse("repertoire:piece-detail", args=[piece.pk])).status_code == 404
        assert Piece.objects.get().deleted_at is not None

    def test_nobody_types_in_vain_where_nothing_is_kept(self, cast: Cast, as_user: SignIn) -> None:
        Student.objects.update(collecting=False)
        client = as_user(cast.user("guardian"))
        assert "nobody has agreed" in page(client, "piece-add", cast.student.pk)
        answer = send(client, "piece-add", cast.student.pk, **self.fields())
        assert "still here to copy" in answer.content.decode()


class TestMerging:
    def test_the_likely_one_is_chosen(self, cast: Cast, as_user: SignIn) -> None:
        by, client = cast.user("guardian"), as_user(cast.user("guardian"))
        piece = make_piece(cast.student, by, "Minuet")
        assert "There is only this piece" in page(client, "piece-merge", piece.pk)
        # Gone since the page was drawn: nothing is left to choose from.
        answer = send(client, "piece-merge", piece.pk, other=uuid4())
        assert "There is only this piece" in answer.content.decode()
        make_piece(cast.student, by, "Aria")
        twin = make_piece(cast.student, by, "MINUET")
        foreign = make_piece(cast.other_student, cast.user("other_guardian"), "Minuet")
        html = page(client, "piece-merge", piece.pk)
        assert Page(html).form_with(["other"]).values["other"] == [str(twin.pk)]
        assert str(foreign.pk) not in html
        for wrong in (foreign.pk, piece.pk, "x"):
            assert "not there any more" in said(send(client, "piece-merge", piece.pk, other=wrong), "other")
        answer = send(client, "piece-merge", piece.pk, other=twin.pk)
        assert (answer.status_code, messages(answer)) == (302, ["The two are one piece now."])
        assert set(Piece.objects.kept().filter(student=cast.student).values_list("title", flat=True)) == {
            "Aria",
            "Minuet",
        }

    def test_who_comes_second_hears_a_kind_word(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        by, client = cast.user("guardian"), as_user(cast.user("guardian"))
        one, other = make_piece(cast.student, by), make_piece(cast.student, by)
        merge = services.merge_pieces

        def be_second(**given: Any) -> Piece:
            merge(into=other, other=one, by=by, now=timezone.now())
            return merge(**given)

        monkeypatch.setattr(services, "merge_pieces", be_second)
        answer = send(client, "piece-merge", one.pk, other=other.pk)
        assert "Nothing is lost" in answer.content.decode()
        assert Piece.objects.kept().get() == other


@pytest.mark.parametrize("role", ["teacher", "guardian"])
def test_who_lost_everything_meanwhile_reads_no_name(
    cast: Cast, as_user: SignIn, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The door was open, then it closed: what comes back is what a stranger gets."""
    piece, client = make_piece(cast.student, cast.user("guardian")), as_user(cast.user(role))

    def close(**given: object) -> None:
        cast.teaching.ended_at = timezone.now()
        cast.teaching.save(update_fields=["ended_at"])
        cast.student.guardianships.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
        raise services.GoneMeanwhile

    monkeypatch.setattr(services, "change_piece", close)
    assert send(client, "piece-edit", piece.pk, title="Menuett", version="").status_code == 404
