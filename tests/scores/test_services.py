"""What is written, how much of it, the files that go with it, and two at once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from apps.accounts.models import Student
from apps.accounts.services import CollectionIsOff
from apps.consent.texts import PICTURES_SINCE
from apps.core import adding
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.privacy.services import eraser, trash
from apps.repertoire.services import delete_piece, merge_pieces
from apps.scores import services
from apps.scores.models import Score, ScorePage
from apps.scores.tasks import forget_files
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.consent import make_consent
from tests.factories.evidence import drawn
from tests.factories.repertoire import make_piece
from tests.factories.scores import make_score
from tests.practice.test_concurrency import together

OnDisk = Callable[[], list[str]]
pytestmark = pytest.mark.usefixtures("media")


def test_pages_in_their_order_with_their_files(cast: Cast, on_disk: OnDisk) -> None:
    row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"), pages=3)
    pages = list(row.pages.order_by("number"))
    assert [(page.number, page.width) for page in pages] == [(1, 100), (2, 101), (3, 102)]
    assert sorted(page.picture for page in pages) == on_disk()


def test_the_same_key_adds_once(cast: Cast, on_disk: OnDisk) -> None:
    piece, key = make_piece(cast.student, cast.user("guardian")), uuid4()
    first = make_score(piece, cast.user("guardian"), key=key)
    assert make_score(piece, cast.user("guardian"), key=key) == first
    assert (Score.objects.count(), len(on_disk())) == (1, 2)
    # A tablet calls all of its pictures alike: nobody is told "Saved." of one that went.
    other = [drawn(size=(100, 140)), drawn(size=(101, 140), colour="red")]
    for wrong in ({"title": "Viola"}, {"pages": 1}, {"by": cast.user("student")}, {"drawn_pages": other}):
        given: dict[str, Any] = {"by": cast.user("guardian"), "key": key} | wrong
        with pytest.raises(adding.KeyIsTaken):
            make_score(piece, given.pop("by"), **given)
    assert (Score.objects.count(), len(on_disk())) == (1, 2)


def test_no_page_of_whom_nobody_agreed_to_pictures(cast: Cast, on_disk: OnDisk) -> None:
    """The first words about the diary did not name them, and a page can be a photo."""
    piece, by = make_piece(cast.student, cast.user("guardian")), cast.user("teacher")
    make_consent(cast.student, cast.user("guardian"), text_version=PICTURES_SINCE - 1)
    with pytest.raises(adding.PicturesAreNotAgreedTo):
        make_score(piece, by)
    assert on_disk() == []
    make_consent(cast.student, cast.user("guardian"), text_version=PICTURES_SINCE)
    assert make_score(piece, by).pages.count() == len(on_disk()) == 2


def test_who_takes_away_what_another_one_added_is_written_down(cast: Cast) -> None:
    piece = make_piece(cast.student, cast.user("guardian"))
    own, others = (make_score(piece, cast.user(by)) for by in ("student", "teacher"))
    for row in (own, others):
        services.delete_score(score=row, by=cast.user("student"), now=timezone.now())
    said = AuditEvent.objects.get(action="score.deleted")
    assert (said.target_id, said.actor_id) == (others.pk, cast.user("student").pk)


def test_limits(cast: Cast, settings: Any, on_disk: OnDisk) -> None:
    piece, by = make_piece(cast.student, cast.user("guardian")), cast.user("guardian")
    settings.SCORES_PER_PIECE, settings.SCORE_PAGES_PER_STUDENT = 2, 5
    rows = [make_score(piece, by) for _ in range(2)]
    with pytest.raises(adding.TooMany):
        make_score(piece, by, pages=1)
    services.delete_score(score=rows[0], by=by, now=timezone.now())
    with pytest.raises(services.TooManyPages) as caught:
        make_score(piece, by, pages=2)
    assert caught.value.left == 1, "what is in the trash has its files still"
    make_score(piece, by, pages=1)
    assert len(on_disk()) == 5


def test_room_is_counted_in_bytes_too(cast: Cast, settings: Any, on_disk: OnDisk) -> None:
    piece, by = make_piece(cast.student, cast.user("guardian")), cast.user("guardian")
    first = make_score(piece, by, pages=1)
    (size,) = first.pages.values_list("file_size", flat=True)
    settings.SCORE_BYTES_PER_STUDENT = 2 * size - 1
    with pytest.raises(services.TooMuch):
        make_score(piece, by, pages=1)
    make_score(
        make_piece(cast.other_student, cast.user("other_guardian")), cast.user("other_guardian"), pages=1
    )
    settings.SCORE_BYTES_PER_STUDENT = 2 * size
    make_score(piece, by, pages=1)
    assert len(on_disk()) == 3


def test_nothing_where_nothing_is_kept(cast: Cast, on_disk: OnDisk) -> None:
    piece = make_piece(cast.student, cast.user("guardian"))
    Student.objects.filter(pk=cast.student.pk).update(collecting=False)
    with pytest.raises(CollectionIsOff):
        make_score(piece, cast.user("guardian"))
    assert on_disk() == []


def test_a_merge_takes_it_along(cast: Cast) -> None:
    by = cast.user("guardian")
    kept, gone = make_piece(cast.student, by), make_piece(cast.student, by)
    row = make_score(gone, by)
    merge_pieces(into=kept, other=gone, by=by, now=timezone.now())
    row.refresh_from_db()
    assert row.piece == kept


@pytest.mark.parametrize("how", ["itself", "piece"])
def test_files_go_with_their_rows_out_of_the_trash(cast: Cast, on_disk: OnDisk, how: str) -> None:
    by, now = cast.user("guardian"), timezone.now()
    row = make_score(make_piece(cast.student, by), by)
    other = make_score(make_piece(cast.student, by, "Musette"), by)
    if how == "itself":
        services.delete_score(score=row, by=by, now=now)
    else:
        delete_piece(piece=row.piece, by=by, now=now)
    trash.purge(now=now + timedelta(days=31))
    assert on_disk() == sorted(other.pages.values_list("picture", flat=True))


def test_an_erasure_takes_the_files_along(cast: Cast, on_disk: OnDisk) -> None:
    make_score(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"))
    for _step in eraser.steps(Subject.STUDENT, cast.student.pk):
        pass
    assert (on_disk(), ScorePage.objects.count()) == ([], 0)


def test_files_that_no_row_names_are_forgotten_after_the_backups(cast: Cast, on_disk: OnDisk) -> None:
    row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"))
    ScorePage.objects.filter(score=row, number=2).delete()
    forget_files()
    assert len(on_disk()) == 2
    assert services.forget_orphans(now=timezone.now() + timedelta(days=36)) == 1
    assert len(on_disk()) == 1


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def adding(self, settings: Any) -> Callable[[], object]:
        settings.SCORES_PER_PIECE = 1
        user = make_user("Solo")
        student = make_student("Solo", user=user)
        make_consent(student, user)
        piece = make_piece(student, user)
        return lambda: make_score(piece, user).pk

    def test_of_two_one_finds_the_place(self, transactional_db: None, settings: Any, on_disk: OnDisk) -> None:
        add = self.adding(settings)
        results = together(add, add)
        assert sorted(type(result).__name__ for result in results) == ["TooMany", "UUID"]
        assert (Score.objects.count(), len(on_disk())) == (1, 2)

    def test_without_the_lock_both_do(
        self, transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: each counts before the other has written."""
        add, both_counted, count = self.adding(settings), threading.Barrier(2), services.require_room

        def look(student_id: UUID) -> Student:
            return Student.objects.get(pk=student_id)

        def wait(*given: Any) -> None:
            count(*given)
            both_counted.wait(5)

        monkeypatch.setattr(services, "lock_student", look)
        monkeypatch.setattr(services, "lock_row", lambda row, action, by: row)
        monkeypatch.setattr(services, "require_room", wait)
        results = together(add, add)
        assert [type(result).__name__ for result in results] == ["UUID", "UUID"]
        assert Score.objects.count() == 2
