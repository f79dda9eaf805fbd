"""Every write of sheet music. Adding holds the student's row lock: no limit is passed by two at once.
Deleting is one statement and needs none."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum

from apps.accounts.models import User
from apps.consent.queries import pictures_are_agreed_to
from apps.core import access, audit, kept_files
from apps.core.adding import GoneMeanwhile, KeyIsTaken, NotPossible, PicturesAreNotAgreedTo, TooMany, insert
from apps.core.pictures import Picture
from apps.repertoire.models import Piece
from apps.repertoire.services import GoneMeanwhile as PieceIsGone
from apps.repertoire.services.locks import lock_row, lock_student
from apps.safeguarding.items import SCORE_FOLDER

from .models import Score, ScorePage


class TooManyPages(NotPossible):
    """The diary has places for ``left`` pages only; each is a file."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class TooMuch(NotPossible):
    """The diary has room for no file of this size."""


def add_score(
    *, key: UUID, piece: Piece, by: User, title: str, pages: Sequence[Picture], now: datetime
) -> Score:
    """Put these pages on the piece.

    The same ``key`` twice adds once; raises KeyIsTaken when it said something else before. Raises
    PicturesAreNotAgreedTo, TooMany, TooManyPages, TooMuch, GoneMeanwhile, CollectionIsOff, FileIsNotKept.
    """
    with kept_files.stored(SCORE_FOLDER, *(page.data for page in pages)) as names:
        found, is_new = _add(key=key, piece=piece, by=by, title=title, pages=pages, names=names, now=now)
        if not is_new:
            # It was sent twice: the first one has its files.
            kept_files.delete_files(names)
    return found


@transaction.atomic
def _add(
    *,
    key: UUID,
    piece: Piece,
    by: User,
    title: str,
    pages: Sequence[Picture],
    names: Sequence[str],
    now: datetime,
) -> tuple[Score, bool]:
    lock_student(piece.student_id)
    try:
        row = lock_row(piece, "change", by)
    except PieceIsGone as error:
        raise GoneMeanwhile from error
    saved = Score.objects.kept().filter(pk=key, added_by=by).first()
    if saved is not None:
        said = (row.pk, title, [_size(page) for page in pages])
        if (saved.piece_id, saved.title, _sizes_of(saved)) == said:
            return saved, False
        raise KeyIsTaken
    if not pictures_are_agreed_to(row.student_id):
        raise PicturesAreNotAgreedTo
    require_room(row, pages)
    found = Score(pk=key, student_id=row.student_id, piece=row, title=title, added_by=by, created_at=now)
    insert(found)
    ScorePage.objects.bulk_create(
        ScorePage(
            score=found,
            number=number,
            picture=name,
            file_size=len(page.data),
            width=page.width,
            height=page.height,
        )
        for number, (name, page) in enumerate(zip(names, pages, strict=True), 1)
    )
    return found, True


def _size(page: Picture) -> tuple[int, int, int]:
    """What tells two pages apart: tablets call all of their pictures alike. Drawing is the same each time."""
    return len(page.data), page.width, page.height


def _sizes_of(score: Score) -> list[tuple[int, int, int]]:
    return list(score.pages.order_by("number").values_list("file_size", "width", "height"))


def is_full(piece: Piece) -> bool:
    """Whether it has as many as can be put there; after a merge it may have more."""
    return Score.objects.kept().filter(piece=piece).count() >= settings.SCORES_PER_PIECE


def require_room(piece: Piece, pages: Sequence[Picture]) -> None:
    """Raises TooMany, TooManyPages, TooMuch."""
    if is_full(piece):
        raise TooMany(settings.SCORES_PER_PIECE)
    # Those in the trash too: their files are still there.
    used = ScorePage.objects.filter(score__student=piece.student_id).aggregate(
        pages=Count("pk"), size=Sum("file_size", default=0)
    )
    left = settings.SCORE_PAGES_PER_STUDENT - used["pages"]
    if len(pages) > left:
        raise TooManyPages(max(left, 0))
    if used["size"] + sum(len(page.data) for page in pages) > settings.SCORE_BYTES_PER_STUDENT:
        raise TooMuch


@transaction.atomic
def delete_score(*, score: Score, by: User, now: datetime) -> None:
    """Into the trash; nobody is shown it, or its pages, from this commit on. Who takes away what another
    person added is written down. Raises GoneMeanwhile."""
    rows = access.allowed(Score.objects.all(), "delete", by).filter(pk=score.pk).values("pk")
    if not Score.objects.filter(pk__in=rows).update(deleted_at=now):
        raise GoneMeanwhile
    if score.added_by_id != by.pk:
        audit.record(action="score.deleted", actor=by, target=score, now=now, student_id=score.student_id)


def move_scores(gone: Piece, kept: Piece) -> None:
    """In the transaction of the merge, which holds both pieces; those in the trash go along."""
    Score.objects.filter(piece=gone).update(piece=kept)


def forget_orphans(*, now: datetime) -> int:
    """Delete the files that no row names. Returns how many went."""
    return kept_files.forget_orphans(SCORE_FOLDER, ScorePage, "picture", now=now)
