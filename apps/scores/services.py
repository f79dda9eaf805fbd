"""Every write of sheet music. Each holds the student's row lock: no limit is passed by two at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core import access, kept_files
from apps.core.pictures import Picture
from apps.repertoire.models import Piece
from apps.repertoire.services import GoneMeanwhile as PieceIsGone
from apps.repertoire.services.locks import lock_row, lock_student
from apps.safeguarding.items import SCORE_FOLDER

from .models import Score, ScorePage


class NotPossible(Exception):
    """What was asked for cannot be saved."""


class TooMany(NotPossible):
    """The piece has as many as it can have."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TooManyPages(TooMany):
    """The diary holds as many pages as it can."""


class KeyIsTaken(NotPossible):
    """The key that the form made belongs to something that says something else."""


class GoneMeanwhile(NotPossible):
    """Deleted or closed to this person since the page was opened."""


def add_score(
    *, key: UUID, piece: Piece, by: User, title: str, pages: Sequence[Picture], now: datetime
) -> Score:
    """Put these pages on the piece. The same ``key`` twice adds once; raises KeyIsTaken when it said
    something else before, TooMany, TooManyPages, GoneMeanwhile, CollectionIsOff, FileIsNotKept."""
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
        if (saved.piece_id, saved.title, saved.pages.count()) == (row.pk, title, len(pages)):
            return saved, False
        raise KeyIsTaken
    require_room(row, len(pages))
    found = Score(pk=key, student_id=row.student_id, piece=row, title=title, added_by=by, created_at=now)
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError as error:
        raise KeyIsTaken from error
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


def require_room(piece: Piece, pages: int) -> None:
    """Raises TooMany, TooManyPages."""
    most = settings.SCORES_PER_PIECE
    if Score.objects.kept().filter(piece=piece).count() >= most:
        raise TooMany(most)
    most = settings.SCORE_PAGES_PER_STUDENT
    # Those in the trash too: their files are still there.
    if ScorePage.objects.filter(score__student=piece.student_id).count() + pages > most:
        raise TooManyPages(most)


@transaction.atomic
def delete_score(*, score: Score, by: User, now: datetime) -> None:
    """Into the trash; nobody is shown it, or its pages, from this commit on. Raises GoneMeanwhile."""
    rows = access.allowed(Score.objects.all(), "delete", by).filter(pk=score.pk).values("pk")
    if not Score.objects.filter(pk__in=rows).update(deleted_at=now):
        raise GoneMeanwhile


def move_scores(gone: Piece, kept: Piece) -> None:
    """In the transaction of the merge, which holds both pieces; those in the trash go along."""
    Score.objects.filter(piece=gone).update(piece=kept)


def forget_orphans(*, now: datetime) -> int:
    """Delete the files that no row names. Returns how many went."""

    def named() -> set[str]:
        return set(ScorePage.objects.values_list("picture", flat=True))

    return len(kept_files.delete_files(kept_files.orphans(SCORE_FOLDER, named, now=now)))
