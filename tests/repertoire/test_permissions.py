"""The whole matrix of pieces, skills and notes, by equality: who may do what, and nobody else."""

from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from apps.accounts.models import Student
from apps.core import access
from apps.repertoire import services
from apps.repertoire.models import Note, Piece, PieceSection, Skill
from tests.conftest import Cast
from tests.factories.repertoire import make_note, make_piece, make_section, make_skill

FAMILY = {"student", "guardian", "second_guardian"}
TEACHERS = {"teacher", "second_teacher"}
GUESTS = {"viewer", "commenter", "logger"}
READERS = FAMILY | TEACHERS | GUESTS
KEEPERS = FAMILY | TEACHERS | {"logger"}

THING = {"view": READERS, "change": KEEPERS, "delete": FAMILY}
SKILL = THING | {"attach_evidence": FAMILY | {"logger"}}
PIECE = THING | {"merge": FAMILY | TEACHERS}
SECTION = {"view": READERS, "change": KEEPERS}


def who(cast: Cast, row: Model, action: str) -> set[str]:
    rows = type(row)._default_manager.filter(pk=row.pk)
    return {name for name, user in vars(cast.people).items() if access.allowed(rows, action, user).exists()}


def matrix(cast: Cast, row: Model) -> dict[str, set[str]]:
    actions = [action for model, action in access.registered_rules() if model is type(row)]
    return {action: who(cast, row, action) for action in actions}


def test_who_may_write_down(cast: Cast) -> None:
    assert who(cast, cast.student, "keep_repertoire") == KEEPERS


def test_pieces_sections_and_skills(cast: Cast) -> None:
    by = cast.user("teacher")
    piece = make_piece(cast.student, by)
    assert matrix(cast, piece) == PIECE
    assert matrix(cast, make_section(piece, by)) == SECTION
    assert matrix(cast, make_skill(cast.student, by)) == SKILL


def test_what_was_deleted_is_nobodys(cast: Cast) -> None:
    by, now = cast.user("guardian"), timezone.now()
    piece, skill = make_piece(cast.student, by), make_skill(cast.student, by)
    rows: list[Any] = [piece, skill, make_section(piece, by), make_note(piece, by), make_note(skill, by)]
    services.delete_piece(piece=piece, by=by, now=now)
    services.delete_skill(skill=skill, by=by, now=now)
    for row in rows:
        assert set().union(*matrix(cast, row).values()) == set()


@pytest.mark.parametrize("make", [make_piece, make_skill])
@pytest.mark.parametrize("is_itself", [True, False])
def test_a_note_stands_while_it_and_its_subject_do(cast: Cast, make: Any, is_itself: bool) -> None:
    by = cast.user("guardian")
    subject = make(cast.student, by)
    note = make_note(subject, by)
    assert who(cast, note, "view") == READERS
    row: Model = note if is_itself else subject
    type(row)._default_manager.filter(pk=row.pk).update(deleted_at=timezone.now())
    assert who(cast, note, "view") == set()


@pytest.mark.parametrize(
    ("author", "content", "readers"),
    [
        ("guardian", {}, READERS),
        ("teacher", {}, READERS),
        ("guardian", {"is_private": True}, FAMILY),
        ("guardian", {"addressed_to": "second"}, FAMILY | {"second_teacher"}),
        ("second_teacher", {"addressed_to": "second"}, FAMILY | {"second_teacher"}),
    ],
)
@pytest.mark.parametrize("make", [make_piece, make_skill])
def test_notes_are_read_like_entries(
    cast: Cast, make: Any, author: str, content: dict[str, Any], readers: set[str]
) -> None:
    if "addressed_to" in content:
        content = {"addressed_to": cast.second_teaching}
    note = make_note(make(cast.student, cast.user("guardian")), cast.user(author), **content)
    assert matrix(cast, note) == {"view": readers, "delete": {author}}


@pytest.mark.parametrize(
    ("author", "content"),
    [
        ("teacher", {"is_private": True}),
        ("logger", {"is_private": True}),
        ("teacher", {"addressed_to": "second"}),
        ("logger", {"addressed_to": "second"}),
        ("guardian", {"addressed_to": "former"}),
    ],
)
def test_nobody_writes_for_whom_they_may_not(cast: Cast, author: str, content: dict[str, Any]) -> None:
    """A teacher's note is no private one, and no other teacher's; nobody addresses lessons that are over."""
    if "addressed_to" in content:
        former = cast.user("former_teacher").teachings.get() if content["addressed_to"] == "former" else None
        content = {"addressed_to": former or cast.second_teaching}
    piece = make_piece(cast.student, cast.user("guardian"))
    with pytest.raises(services.NotThisTeaching):
        make_note(piece, cast.user(author), **content)
    assert not Note.objects.exists()


def test_a_teacher_who_leaves_sees_nothing_and_the_words_stay(cast: Cast) -> None:
    note = make_note(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"))
    cast.teaching.ended_at = timezone.now()
    cast.teaching.save(update_fields=["ended_at"])
    assert who(cast, note, "view") == READERS - {"teacher"}
    assert who(cast, note, "delete") == set()


def test_every_rule_has_its_row(cast: Cast) -> None:
    found = {
        model.__name__: {action for known, action in access.registered_rules() if known is model}
        for model in (Piece, PieceSection, Skill, Note)
    }
    assert found == {
        "Piece": set(PIECE),
        "PieceSection": set(SECTION),
        "Skill": set(SKILL),
        "Note": {"view", "delete"},
    }
    assert (Student, "keep_repertoire") in access.registered_rules()
