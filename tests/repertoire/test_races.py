"""Two connections at the same moment: two merges of one pair, a section or an exam for a piece that goes."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.repertoire import services
from apps.repertoire.models import Occasion, OccasionPiece, Piece, PieceSection
from apps.repertoire.services import GoneMeanwhile, NotThisPiece, merging, occasions
from tests.factories.accounts import make_student, make_user
from tests.factories.repertoire import make_occasion, make_piece, make_section
from tests.practice.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def solo() -> tuple[Student, User]:
    user = make_user("Solo")
    return make_student("Solo", user=user), user


def pair(student: Student, by: User) -> tuple[Piece, Piece]:
    """Two pieces of one name, each with a section."""
    one, other = (make_piece(student, by) for _ in range(2))
    make_section(one, by, "One")
    make_section(other, by, "Other")
    return one, other


def merge_both_ways(one: Piece, other: Piece, by: User) -> list[object]:
    def merge(into: Piece, gone: Piece) -> object:
        return services.merge_pieces(into=into, other=gone, by=by, now=timezone.now()).pk

    return together(lambda: merge(one, other), lambda: merge(other, one))


def shown_sections(student: Student) -> set[str]:
    """What a page can still show."""
    rows = PieceSection.objects.filter(piece__student=student, piece__deleted_at__isnull=True)
    return set(rows.values_list("name", flat=True))


def test_of_two_merges_at_once_one_wins(solo: tuple[Student, User]) -> None:
    student, user = solo
    for _ in range(5):
        Piece.objects.all().delete()
        results = merge_both_ways(*pair(student, user), user)
        assert sorted(type(result).__name__ for result in results) == ["GoneMeanwhile", "UUID"]
        (kept,) = Piece.objects.kept()
        assert kept.pk in results
        assert shown_sections(student) == {"One", "Other"}


def test_without_the_lock_both_are_gone(solo: tuple[Student, User], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: each merge looks before the other has written, and each puts its other one away. Neither
    lock is taken: the student's alone would do it, too."""
    student, user = solo
    both_looked = threading.Barrier(2)

    def look(one: UUID, other: UUID, by: User) -> dict[UUID, Piece]:
        found = {piece.pk: piece for piece in Piece.objects.kept().filter(pk__in=[one, other])}
        both_looked.wait(5)
        return found

    monkeypatch.setattr(merging, "hold_student", lambda student_id: None)
    monkeypatch.setattr(merging, "lock_pair", look)
    results = merge_both_ways(*pair(student, user), user)
    is_lost = shown_sections(student) != {"One", "Other"}
    is_stuck = any("deadlock" in str(result) for result in results)
    assert is_lost or is_stuck
    assert not any(isinstance(result, GoneMeanwhile) for result in results)


def test_a_section_never_lands_on_a_piece_that_went(solo: tuple[Student, User]) -> None:
    student, user = solo
    for _ in range(5):
        Piece.objects.all().delete()
        one, other = pair(student, user)
        results = together(
            lambda one=one, other=other: services.merge_pieces(  # type: ignore[misc]
                into=one, other=other, by=user, now=timezone.now()
            ),
            lambda other=other: make_section(other, user, "Late"),  # type: ignore[misc]
        )
        was_late = isinstance(results[1], GoneMeanwhile)
        assert shown_sections(student) == {"One", "Other"} | (set() if was_late else {"Late"})


def name_and_merge(
    student: Student, by: User, after: Callable[[], object] = lambda: None
) -> tuple[Piece, list[object]]:
    """An exam is written down with a piece that goes into another one; the piece that stays, and what came of
    it."""
    kept, gone = make_piece(student, by), make_piece(student, by)

    def merge() -> None:
        services.merge_pieces(into=kept, other=gone, by=by, now=timezone.now())
        after()

    return kept, together(lambda: make_occasion(student, by, pieces=[gone]), merge)


def test_no_occasion_keeps_a_piece_that_went(solo: tuple[Student, User]) -> None:
    student, user = solo
    for _ in range(5):
        OccasionPiece.objects.all().delete()
        kept, (named, merged) = name_and_merge(student, user)
        assert merged is None
        assert isinstance(named, Occasion | NotThisPiece)
        expected = [kept.pk] if isinstance(named, Occasion) else []
        assert list(OccasionPiece.objects.values_list("piece", flat=True)) == expected


def test_without_the_lock_one_does(solo: tuple[Student, User], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the exam's pieces were looked at before the merge, and are written after it."""
    student, user = solo
    has_merged = threading.Event()
    # The student's own lock, which both take, would do the same.
    monkeypatch.setattr(merging, "hold_student", lambda student_id: None)
    monkeypatch.setattr(occasions, "_check_pieces", lambda *args: has_merged.wait(10))
    kept, (_named, merged) = name_and_merge(student, user, after=has_merged.set)
    assert merged is None
    (piece,) = OccasionPiece.objects.values_list("piece", flat=True)
    assert piece != kept.pk
