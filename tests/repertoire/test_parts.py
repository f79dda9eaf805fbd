"""Sections, skills and notes as people use them."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.private_teaching.models import Teaching
from apps.repertoire.models import Note, Piece, PieceSection, Skill
from apps.repertoire.services import delete_section
from apps.safeguarding.models import Report
from tests.conftest import Cast
from tests.factories.repertoire import make_note, make_piece, make_section, make_skill
from tests.forms.page import Page

from .asking import SignIn, page, said, send


class TestSections:
    @pytest.mark.parametrize(
        ("fields", "field", "words"),
        [
            ({"target_tempo": "-5"}, "target_tempo", "from 20 to 400"),
            ({"target_tempo": "401"}, "target_tempo", "from 20 to 400"),
            ({"target_tempo": "fast"}, "target_tempo", "from 20 to 400"),
            ({"from_bar": "0"}, "from_bar", "from 1"),
            ({"from_bar": "9", "to_bar": "8"}, "to_bar", "before it begins"),
            ({"to_bar": "8"}, "from_bar", "with which bar it begins"),
            ({"to_bar": "99999"}, "to_bar", "9999"),
            ({"name": ""}, "name", "fill this in"),
        ],
    )
    @pytest.mark.parametrize("name", ["section-add", "section-edit"])
    def test_what_cannot_be_is_said_beside_its_field(
        self, cast: Cast, as_user: SignIn, name: str, fields: dict[str, str], field: str, words: str
    ) -> None:
        by = cast.user("guardian")
        piece = make_piece(cast.student, by)
        row = make_section(piece, by, "Verse")
        sent = {"key": str(uuid4()), "version": "", "name": "Coda", "status": "learning"} | fields
        target = piece.pk if name == "section-add" else row.pk
        answer = send(as_user(by), name, target, **sent)
        assert words in said(answer, field)
        html = answer.content.decode()
        assert all(f'value="{typed}"' in html for typed in fields.values() if typed)
        assert PieceSection.objects.get().name == "Verse"

    def test_one_bar_alone(self, cast: Cast, as_user: SignIn) -> None:
        piece = make_piece(cast.student, cast.user("guardian"))
        client = as_user(cast.user("logger"))
        fields = {"key": str(uuid4()), "name": "The jump", "from_bar": "12", "status": "learning"}
        assert send(client, "section-add", piece.pk, **fields).status_code == 302
        row = PieceSection.objects.get()
        assert (row.from_bar, row.to_bar) == (12, 12)
        assert "bar 12" in page(client, "piece-detail", piece.pk)

    def test_taken_away(self, cast: Cast, as_user: SignIn) -> None:
        by = cast.user("guardian")
        piece = make_piece(cast.student, by)
        row, client = make_section(piece, by, "Verse"), as_user(cast.user("teacher"))
        assert send(client, "section-edit", row.pk, remove="1").status_code == 302
        assert "Verse" not in page(client, "piece-detail", piece.pk)
        assert send(client, "section-edit", row.pk, remove="1").status_code == 404


class TestSkills:
    @pytest.mark.parametrize(
        ("fields", "field", "words"),
        [
            ({"name": "ab"}, "name", "3"),
            ({"name": "x" * 51}, "name", "50"),
            ({"name": "TRILLS"}, "name", "already"),
            ({"category": "magic"}, "category", "valid choice"),
            ({"words": "x" * 501}, "words", "500"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, cast: Cast, as_user: SignIn, fields: dict[str, str], field: str, words: str
    ) -> None:
        make_skill(cast.student, cast.user("guardian"), "Trills")
        sent = {"key": str(uuid4()), "name": "Vibrato", "category": "technique"} | fields
        answer = send(as_user(cast.user("teacher")), "skill-add", cast.student.pk, **sent)
        assert words in said(answer, field)
        assert Skill.objects.count() == 1

    def test_put_away_and_deleted(self, cast: Cast, as_user: SignIn) -> None:
        skill = make_skill(cast.student, cast.user("guardian"))
        teacher, guardian = as_user(cast.user("teacher")), as_user(cast.user("guardian"))
        fields = {"name": skill.name, "category": "technique", "is_archived": "on", "version": ""}
        assert send(teacher, "skill-edit", skill.pk, **fields).status_code == 302
        assert "Put away" in page(teacher, "skill-detail", skill.pk)
        assert "Delete this skill" not in page(teacher, "skill-edit", skill.pk)
        assert send(teacher, "skill-edit", skill.pk, remove="1").status_code == 403
        assert "Delete this skill" in page(guardian, "skill-edit", skill.pk)
        assert send(guardian, "skill-edit", skill.pk, remove="1").status_code == 302
        assert not Skill.objects.kept().exists()


class TestNotes:
    def audiences(self, client: Client, piece: Piece) -> list[str]:
        answer = client.get(reverse("repertoire:piece-detail", args=[piece.pk]))
        form = answer.context["note_form"]
        return [label for _value, label in form.fields["audience"].choices] if form else []

    def test_who_may_choose_which_readers(self, cast: Cast, as_user: SignIn) -> None:
        piece = make_piece(cast.student, cast.user("guardian"))
        everybody, mine = "Everybody who sees this diary", "Only the family and you"
        assert self.audiences(as_user(cast.user("teacher")), piece) == [everybody, mine]
        assert self.audiences(as_user(cast.user("logger")), piece) == [everybody]
        assert self.audiences(as_user(cast.user("viewer")), piece) == []
        found = self.audiences(as_user(cast.user("guardian")), piece)
        assert (found[0], found[-1]) == (everybody, "Nobody but the family: private")
        assert [label.partition(" ")[0] for label in found[1:-1]] == ["Only", "Only"]

    @pytest.mark.parametrize(
        ("fields", "field", "words"),
        [
            ({}, "body", "Write something first"),
            ({"body": "x" * 2001}, "body", "2000"),
            ({"link": "javascript:alert(1)"}, "link", "https://"),
            ({"link": "ftp://music.example"}, "link", "https://"),
            ({"link": "https://me:secret@music.example"}, "link", "password"),
            ({"link": "https://"}, "link", "https://"),
            ({"link": "https://music.example/\u202e"}, "link", "https://"),
            ({"body": "Slowly", "section": "other"}, "section", "not there any more"),
            ({"body": "Slowly", "audience": "other"}, "audience", "who may read it"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, cast: Cast, as_user: SignIn, fields: dict[str, str], field: str, words: str
    ) -> None:
        by = cast.user("guardian")
        piece = make_piece(cast.student, by)
        make_section(piece, by)
        foreign = make_piece(cast.other_student, cast.user("other_guardian"))
        strangers = {
            "section": str(make_section(foreign, cast.user("other_guardian")).pk),
            "audience": str(cast.user("other_teacher").teachings.get().pk),
        }
        sent = {name: strangers[name] if value == "other" else value for name, value in fields.items()}
        answer = send(as_user(by), "piece-note-add", piece.pk, key=str(uuid4()), **sent)
        assert words in said(answer, field)
        assert not Note.objects.exists()

    def test_what_was_for_one_teacher_never_becomes_everybodys(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The lessons went between the question and the answer."""
        skill, client = make_skill(cast.student, cast.user("guardian")), as_user(cast.user("guardian"))
        monkeypatch.setattr(
            "apps.repertoire.forms.Teaching", SimpleNamespace(objects=Teaching.objects.none())
        )
        fields = {"key": str(uuid4()), "body": "Between us", "audience": str(cast.teaching.pk)}
        monkeypatch.setattr(
            "apps.repertoire.views.skills.queries.note_readers",
            lambda *args, **kwargs: [("", "Everybody"), (str(cast.teaching.pk), "Only one")],
        )
        answer = send(client, "skill-note-add", skill.pk, **fields)
        assert "does not teach here any more" in said(answer, "audience")
        assert not Note.objects.exists()

    @pytest.mark.parametrize("audience", ["private", "teaching"])
    def test_who_may_no_longer_choose_hears_why_nothing_was_saved(
        self, cast: Cast, as_user: SignIn, audience: str
    ) -> None:
        """The page was drawn for one of the family, who is a guest by now."""
        piece = make_piece(cast.student, cast.user("guardian"))
        client = as_user(cast.user("logger"))
        form = Page(page(client, "piece-detail", piece.pk)).form_with(["body", "audience"])
        assert form.inputs["audience"][0]["type"] == "hidden"
        sent = str(cast.teaching.pk) if audience == "teaching" else audience
        fields = {"key": str(uuid4()), "body": "Between us", "audience": sent}
        answer = send(client, "piece-note-add", piece.pk, **fields)
        assert "Choose who may read it." in said(answer, "audience")
        assert "Between us" in answer.content.decode()
        assert not Note.objects.exists()

    def test_words_about_the_last_section_never_become_words_about_the_piece(
        self, cast: Cast, as_user: SignIn
    ) -> None:
        by = cast.user("guardian")
        piece = make_piece(cast.student, by)
        section, client = make_section(piece, by, "The jump"), as_user(by)
        fields = {"key": str(uuid4()), "body": "Left hand first", "section": str(section.pk)}
        delete_section(section=section, by=by, now=timezone.now())
        answer = send(client, "piece-note-add", piece.pk, **fields)
        assert "not there any more" in said(answer, "section")
        assert "Left hand first" in answer.content.decode()
        assert not Note.objects.exists()
        assert send(client, "piece-note-add", piece.pk, **fields | {"section": ""}).status_code == 302
        assert Note.objects.get().section is None

    @pytest.mark.parametrize(
        "typed", ["music.example/a", "HTTPS://music.example/a", "https://music.example/a"]
    )
    def test_a_link_is_shown_with_where_it_leads(self, cast: Cast, as_user: SignIn, typed: str) -> None:
        skill = make_skill(cast.student, cast.user("guardian"))
        client = as_user(cast.user("teacher"))
        answer = send(client, "skill-note-add", skill.pk, key=str(uuid4()), link=typed)
        assert answer.status_code == 302
        html = page(client, "skill-detail", skill.pk)
        assert '<a href="https://music.example/a" rel="noopener noreferrer nofollow">' in html
        assert 'leads to <bdi dir="ltr">music.example</bdi>' in html

    def test_a_host_cannot_dress_up(self, cast: Cast) -> None:
        assert Note(link="https://ex\u0430mple.org/").host == "xn--exmple-4nf.org"
        assert Note(link="https://" + "\u0430" * 64 + ".org/").host.isascii()

    def test_words_about_a_section(self, cast: Cast, as_user: SignIn) -> None:
        piece = make_piece(cast.student, cast.user("guardian"))
        section = make_section(piece, cast.user("guardian"), "The jump")
        client = as_user(cast.user("guardian"))
        fields = {
            "key": str(uuid4()),
            "body": "Left hand first",
            "section": section.pk,
            "audience": "private",
        }
        assert send(client, "piece-note-add", piece.pk, **fields).status_code == 302
        note = Note.objects.get()
        assert (note.section, note.is_private, note.author) == (section, True, cast.user("guardian"))
        assert "Private" in page(client, "piece-detail", piece.pk)

    def test_taken_back_by_who_wrote_it(self, cast: Cast, as_user: SignIn) -> None:
        note = make_note(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"), "Slower")
        client = as_user(cast.user("teacher"))
        assert "Slower" in page(client, "note-delete", note.pk)
        assert send(client, "note-delete", note.pk).status_code == 302
        assert send(client, "note-delete", note.pk).status_code == 404
        assert not Note.objects.kept().exists()

    def test_reported(self, cast: Cast, as_user: SignIn) -> None:
        by = cast.user("teacher")
        note = make_note(make_piece(cast.student, by, "Minuet"), by, "Mean words", link="https://bad.example")
        send(as_user(cast.user("student")), "note-report", note.pk, category="unkind", words="Look")
        report = Report.objects.get()
        assert (report.kind, report.item_id, report.student, report.author) == (
            "note",
            note.pk,
            cast.student,
            by,
        )
        assert report.evidence == "Minuet\nMean words\nhttps://bad.example"
