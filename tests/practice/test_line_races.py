"""Two connections at the same moment: a session is logged with a piece that goes into another one."""

import threading
from collections.abc import Callable

import pytest
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.practice import services
from apps.practice.content import About, Line
from apps.practice.models import PracticeEntry, PracticeItem
from apps.repertoire.models import Piece
from apps.repertoire.services import merge_pieces, merging
from tests.factories.accounts import make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece

from .test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def solo() -> tuple[Student, User]:
    user = make_user("Solo")
    return make_student("Solo", user=user), user


def both(
    student: Student, user: User, after: Callable[[], object] = lambda: None
) -> tuple[Piece, list[object]]:
    """One logs with a piece while another merges it away; the piece that stays, and what came of it."""
    kept, gone = make_piece(student, user), make_piece(student, user)
    lines = [Line("Minuet", about=About(piece=gone.pk))]

    def merge() -> None:
        merge_pieces(into=kept, other=gone, by=user, now=timezone.now())
        after()

    return kept, together(lambda: make_entry(student, user, minutes=1, lines=lines), merge)


def test_no_line_stays_with_a_piece_that_went(solo: tuple[Student, User]) -> None:
    student, user = solo
    for _ in range(5):
        PracticeEntry.objects.all().delete()
        kept, (logged, merged) = both(student, user)
        assert merged is None
        assert isinstance(logged, PracticeEntry | services.NotTheirs)
        expected = [kept.pk] if isinstance(logged, PracticeEntry) else []
        assert list(PracticeItem.objects.values_list("piece", flat=True)) == expected


def test_without_the_lock_one_does(solo: tuple[Student, User], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the log has looked before the merge, and writes after it."""
    student, user = solo
    # The student's own lock, which both take, would do the same.
    monkeypatch.setattr(merging, "hold_student", lambda student_id: None)
    has_merged = threading.Event()
    monkeypatch.setattr(services, "are_there", lambda *args: has_merged.wait(10))
    kept, (_logged, merged) = both(student, user, after=has_merged.set)
    assert merged is None
    (piece,) = PracticeItem.objects.values_list("piece", flat=True)
    assert piece != kept.pk
