"""What an assignment is about: a piece, a section or a skill of the student's, by its name."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.assignments import services
from apps.assignments.content import AssignmentContent
from apps.assignments.models import Assignment
from apps.practice.models import PracticeEntry
from apps.practice.models.entries import names_of
from apps.repertoire.services import merge_pieces
from tests.conftest import Cast
from tests.factories.accounts import make_student
from tests.factories.assignments import TEN_TIMES, make_assignment, step_of
from tests.factories.private_teaching import make_teaching
from tests.factories.repertoire import make_piece, make_section, make_skill

SignIn = Callable[[User], Client]


def test_each_student_has_their_own_thing_of_that_name(cast: Cast) -> None:
    teacher = cast.user("teacher")
    ben, ada = (make_teaching(teacher, make_student(name)) for name in ("Ben", "Ada"))
    here = make_piece(cast.student, teacher, "Minuet in G")
    there = make_piece(ben.student, teacher, "Minuet in G")
    services.give(
        key=uuid4(),
        teachings=[cast.teaching.pk, ben.pk, ada.pk],
        by=teacher,
        content=AssignmentContent(title="By heart", about="minuet in g"),
        now=timezone.now(),
    )
    found = {row.teaching: (row.about, row.piece) for row in Assignment.objects.all()}
    assert found == {
        cast.teaching: ("minuet in g", here),
        ben: ("minuet in g", there),
        ada: ("minuet in g", None),
    }


def test_a_section_and_a_skill_too(cast: Cast) -> None:
    teacher = cast.user("teacher")
    piece, skill = (
        make_piece(cast.student, teacher, "Sonatina"),
        make_skill(cast.student, teacher, "Vibrato"),
    )
    section = make_section(piece, teacher, "Coda")
    of_skill = make_assignment(cast.teaching, "Slowly", about="Vibrato")
    assert (of_skill.skill, of_skill.piece) == (skill, None)
    of_section = make_assignment(cast.teaching, "Slowly", about=names_of(section)[0])
    assert (of_section.piece, of_section.section) == (piece, section)
    changed = services.change_assignment(
        assignment=of_skill,
        by=teacher,
        content=AssignmentContent(title="Slowly", about="Sonatina"),
        version=None,
        now=timezone.now(),
    )
    assert (changed.skill, changed.piece) == (None, piece)


def test_it_leads_to_the_page_of_the_piece(cast: Cast, as_user: SignIn) -> None:
    piece = make_piece(cast.student, cast.user("teacher"), "Sonatina")
    row = make_assignment(cast.teaching, "By heart", about="Sonatina")
    there = reverse("assignments:assignment-detail", args=[row.pk])
    of_piece = reverse("repertoire:piece-detail", args=[piece.pk])
    for who in ("student", "guardian", "teacher"):
        assert of_piece in as_user(cast.user(who)).get(there).content.decode()
    piece.deleted_at = timezone.now()
    piece.save()
    assert of_piece not in as_user(cast.user("student")).get(there).content.decode()


def test_a_session_for_it_is_a_session_of_the_piece(cast: Cast, as_user: SignIn) -> None:
    piece = make_piece(cast.student, cast.user("teacher"), "Sonatina")
    row = make_assignment(cast.teaching, "By heart", TEN_TIMES, about="Sonatina")
    fields = {
        "key": str(uuid4()),
        "minutes": "10",
        "practised_on": cast.student.today(timezone.now()).isoformat(),
        "lines-TOTAL_FORMS": "0",
        "lines-INITIAL_FORMS": "0",
        "given-shown": "1",
        f"given-{step_of(row).pk}": "4",
    }
    answer = as_user(cast.user("student")).post(reverse("practice:entry-log", args=[cast.student.pk]), fields)
    assert answer.status_code == 302
    [line] = PracticeEntry.objects.latest("created_at").items.all()
    assert (line.title, line.piece, line.repetitions) == ("Sonatina", piece, 4)


def test_it_follows_two_pieces_that_become_one(cast: Cast) -> None:
    teacher = cast.user("teacher")
    gone, kept = (make_piece(cast.student, teacher, title) for title in ("Sonatine", "Sonatina"))
    row = make_assignment(cast.teaching, "By heart", about="Sonatine")
    assert row.piece == gone
    merge_pieces(into=kept, other=gone, by=teacher, now=timezone.now())
    row.refresh_from_db()
    assert row.piece == kept


@pytest.mark.parametrize("who", ["teacher", "second_teacher"])
def test_the_form_offers_the_names_of_the_pupil_it_is_for(cast: Cast, as_user: SignIn, who: str) -> None:
    make_piece(cast.student, cast.user("teacher"), "Sonatina")
    client = as_user(cast.user(who))
    page = client.get(reverse("assignments:assignment-add"), {"teaching": str(cast.teaching.pk)})
    assert ('value="Sonatina"' in page.content.decode()) == (who == "teacher")
    assert 'value="Sonatina"' in client.get(reverse("desk:brief", args=[cast.student.pk])).content.decode()
