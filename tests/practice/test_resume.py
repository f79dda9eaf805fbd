"""What was I working on? The last lines, what was hard, what could come next, and one press to go on."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.practice import services
from apps.practice.content import About, Line
from apps.practice.models.comments import AuthorRole
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.children import child_client, make_child_login
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece, make_section, make_skill

from .lines import attach


def page(client: Client, cast: Cast, name: str = "student") -> str:
    client.force_login(cast.user(name))
    answer = client.get(f"/students/{cast.student.pk}/diary/resume/")
    assert answer.status_code == 200
    return answer.content.decode()


def found(client: Client, cast: Cast, name: str = "student") -> Any:
    page(client, cast, name)
    return client.get(f"/students/{cast.student.pk}/diary/resume/").context["found"]


def test_one_press_opens_the_form_with_the_last_lines(client: Client, cast: Cast) -> None:
    make_entry(
        cast.student, cast.user("student"), minutes=40, lines=[Line("Gavotte", tempo=84), Line("Bourrée")]
    )
    make_entry(cast.student, cast.user("student"), lines=[], description="Only words, no line")
    text = page(client, cast)
    assert "Gavotte" in text
    form = client.get(f"/students/{cast.student.pk}/diary/log/?last=1").content.decode()
    assert f'href="/students/{cast.student.pk}/diary/log/?last=1"' in text
    assert 'value="Gavotte"' in form
    assert 'value="Bourrée"' in form


def test_where_no_session_has_lines_the_last_one_stands_there(client: Client, cast: Cast) -> None:
    for entry in (cast.entry, cast.private_entry, cast.addressed_entry):
        services.delete_entry(entry=entry, by=cast.user("student"), now=timezone.now())
    assert "Nothing to go on with yet" in page(client, cast)
    entry = make_entry(cast.student, cast.user("student"), lines=[], description="Only words, no line")
    assert found(client, cast).last == entry
    text = page(client, cast)
    assert "Only words" in text
    assert "?last=1" not in text


def test_what_was_hard_is_there_once_the_newest_first(client: Client, cast: Cast) -> None:
    by, today = cast.user("student"), cast.student.today(timezone.now())
    for days, words in enumerate(["The shift", "the shift", "Bar 9", *(f"Bar {n}" for n in range(20, 30))]):
        make_entry(cast.student, by, practised_on=today - timedelta(days=days), minutes=5, struggles=words)
    struggles = [each.entry.struggles for each in found(client, cast).struggles]
    assert (struggles[0], struggles[-1], len(struggles)) == ("The shift", "Bar 9", 5)


def test_what_was_hard_leads_to_the_thing_it_was_about(client: Client, cast: Cast) -> None:
    piece = make_piece(cast.student, cast.user("guardian"), "Gavotte")
    section = make_section(piece, cast.user("guardian"), "Coda")
    line = Line("Gavotte: Coda", about=About(piece=piece.pk, section=section.pk))
    make_entry(cast.student, cast.user("student"), lines=[line], struggles="Too fast")
    (hard,) = [each for each in found(client, cast).struggles if each.entry.struggles == "Too fast"]
    assert hard.begin == f"piece={piece.pk}&section={section.pk}"
    form = client.get(f"/students/{cast.student.pk}/diary/log/?{hard.begin}").content.decode()
    assert 'value="Gavotte: Coda"' in form


def test_what_waits_is_at_work_and_was_not_in_the_last_sessions(client: Client, cast: Cast) -> None:
    by = cast.user("guardian")
    states = ("learning", "polishing", "ready", "archived")
    for status in states:
        make_piece(cast.student, by, status.title(), status=status)
    attach(cast, make_piece(cast.student, by, "Lately"))
    make_skill(cast.student, by, "Trills")
    assert [each.name for each in found(client, cast).waiting] == ["Learning", "Polishing", "Trills"]


def test_the_teachers_words_are_there(client: Client, cast: Cast) -> None:
    services.add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user("teacher"),
        role=AuthorRole.TEACHER,
        body="Slower, with the metronome",
        now=timezone.now(),
    )
    assert "Slower, with the metronome" in page(client, cast)


@pytest.mark.parametrize(("name", "sees"), [("guardian", True), ("logger", False)])
def test_a_guest_goes_on_with_what_they_may_read(client: Client, cast: Cast, name: str, sees: bool) -> None:
    by = cast.user("student")
    make_entry(cast.student, by, lines=[Line("Secret song")], struggles="Secret trouble", is_private=True)
    text = page(client, cast, name)
    assert ("Secret song" in text, "Secret trouble" in text) == (sees, sees)


@pytest.mark.parametrize(
    ("name", "status"), [("teacher", 403), ("viewer", 403), ("former_teacher", 404), ("stranger", 404)]
)
def test_it_is_for_who_may_log(client: Client, cast: Cast, name: str, status: int) -> None:
    client.force_login(cast.user(name))
    assert client.get(f"/students/{cast.student.pk}/diary/resume/").status_code == status
    if status == 403:
        assert "/diary/resume/" not in client.get(f"/students/{cast.student.pk}/diary/").content.decode()


def test_a_child_goes_on_too(cast: Cast) -> None:
    child = make_student("Zoe")
    make_guardianship(child, cast.user("guardian"))
    make_child_login(child, cast.user("guardian"))
    make_piece(child, cast.user("guardian"), "Waiting")
    make_entry(child, cast.user("guardian"), lines=[Line("Gavotte")], struggles="Too fast")
    client = child_client(child, cast.user("guardian"))
    text = client.get(f"/students/{child.pk}/diary/resume/").content.decode()
    assert "What was I working on?" in text
    assert "Gavotte" in text
    assert (
        f'href="/students/{child.pk}/diary/resume/"'
        in client.get(f"/students/{child.pk}/diary/").content.decode()
    )
