"""What is built once for readers says to each what the queryset says, and keeps nothing of the first one."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from apps.accounts.models import Student, User
from apps.accounts.prepared import Door, ForReader
from apps.core.access import allowed, get_allowed_or_404, with_permission
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Piece
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import make_child_login
from tests.factories.repertoire import make_piece


def readable(reader: User, student: UUID) -> QuerySet[PracticeEntry]:
    return allowed(PracticeEntry.objects.filter(student=student), "view", reader).order_by("pk")


def exported(reader: User, student: UUID) -> QuerySet[Student]:
    """A child may never do this."""
    return allowed(Student.objects.filter(pk=student), "export", reader)


def test_it_answers_like_the_queryset_for_each_person(cast: Cast) -> None:
    prepared = ForReader(readable, student=UUID)
    found = {name: prepared(person, student=cast.student.pk) for name, person in vars(cast.people).items()}
    assert found == {
        name: list(readable(person, cast.student.pk)) for name, person in vars(cast.people).items()
    }
    assert {len(rows) for rows in found.values()} > {0, 3}


def test_who_may_not_sign_in_reads_nothing(cast: Cast) -> None:
    prepared, guardian = ForReader(readable, student=UUID), cast.user("guardian")
    assert prepared(guardian, student=cast.student.pk)
    guardian.is_active = False
    assert prepared(guardian, student=cast.student.pk) == []


@pytest.mark.parametrize("childs_first", [True, False])
def test_a_childs_account_has_a_statement_of_its_own(db: None, childs_first: bool) -> None:
    student = make_student("Nora")
    guardian = make_user("Their mother")
    make_guardianship(student, guardian)
    child = make_child_login(student, guardian).user
    prepared, readers = ForReader(exported, student=UUID), [child, guardian]
    for reader in readers if childs_first else readers[::-1]:
        assert prepared(reader, student=student.pk) == ([student] if reader == guardian else [])


def test_a_rule_that_looks_at_anything_else_of_a_person_is_refused(cast: Cast) -> None:
    def build(reader: User) -> QuerySet[User]:
        return User.objects.filter(is_staff=reader.is_staff)

    with pytest.raises(User.DoesNotExist):
        ForReader(build)(cast.user("guardian"))


def pieces(reader: User) -> QuerySet[Piece]:
    return with_permission(Piece.objects.all(), reader, may_delete="delete")


def outcome(door: Callable[..., Piece], user: User, pk: UUID, action: str) -> object:
    try:
        found = door(user, pk, action)
    except (Http404, PermissionDenied) as refused:
        return type(refused)
    return found.pk, vars(found)["may_delete"]


def slow(user: User, pk: UUID, action: str) -> Piece:
    return get_allowed_or_404(pieces(user), action, user, pk=pk)


@pytest.mark.parametrize("action", ["view", "change", "delete"])
def test_a_door_opens_to_whom_the_rule_opens_it(cast: Cast, action: str) -> None:
    piece, door = make_piece(cast.student, cast.user("guardian")), Door(pieces)
    people = vars(cast.people)
    found = {name: outcome(door, user, piece.pk, action) for name, user in people.items()}
    assert found == {name: outcome(slow, user, piece.pk, action) for name, user in people.items()}
    assert {(piece.pk, True), Http404} <= set(found.values())
    assert action == "view" or PermissionDenied in found.values()
