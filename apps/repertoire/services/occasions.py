"""Writing exams and performances down."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Student, User
from apps.repertoire.content import OccasionContent
from apps.repertoire.models import Occasion, OccasionPiece, Piece

from .errors import ChangedMeanwhile, KeyIsTaken, NotThisPiece, TooMany
from .locks import lock_row, lock_student

MOST_OCCASIONS = 200


def _keys(pieces: Collection[Piece]) -> set[UUID]:
    return {piece.pk for piece in pieces}


def _check_pieces(student: Student, content: OccasionContent) -> None:
    """Held until the end of the transaction, in the order in which a merge holds them: it waits, and then
    takes the occasion along."""
    keys = _keys(content.pieces)
    found = Piece.objects.kept().filter(student=student, pk__in=keys).order_by("pk")
    if len(found.select_for_update(no_key=True).values_list("pk", flat=True)) != len(keys):
        raise NotThisPiece


def _says(occasion: Occasion, content: OccasionContent) -> bool:
    """Of the pieces those count that somebody can see."""
    named = occasion.pieces.filter(deleted_at__isnull=True).values_list("pk", flat=True)
    return occasion.says(content.columns()) and set(named) == _keys(content.pieces)


@transaction.atomic
def add_occasion(
    *, key: UUID, student: Student, by: User, content: OccasionContent, now: datetime
) -> Occasion:
    """The same ``key`` twice writes once; raises KeyIsTaken when it said something else before.

    Raises NotThisPiece, TooMany, CollectionIsOff.
    """
    locked = lock_student(student.pk)
    saved = Occasion.objects.kept().filter(pk=key, student=student).first()
    if saved is not None:
        if _says(saved, content):
            return saved
        raise KeyIsTaken
    _check_pieces(locked, content)
    if Occasion.objects.kept().filter(student=student).count() >= MOST_OCCASIONS:
        raise TooMany(MOST_OCCASIONS)
    occasion = Occasion(pk=key, student=student, created_at=now, added_by=by, **content.columns())
    try:
        with transaction.atomic():
            occasion.save(force_insert=True)
    except IntegrityError as error:
        raise KeyIsTaken from error
    occasion.pieces.set(content.pieces)
    return occasion


@transaction.atomic
def change_occasion(
    *, occasion: Occasion, by: User, content: OccasionContent, now: datetime, version: str | None = None
) -> Occasion:
    """``version``: of the row that the writer had before them. Entries that name it keep their own flags.

    Raises ChangedMeanwhile if another one stands by now, unless it says the same; NotThisPiece,
    GoneMeanwhile, CollectionIsOff.
    """
    locked = lock_student(occasion.student_id)
    row = lock_row(occasion, "change", by)
    if _says(row, content):
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    _check_pieces(locked, content)
    for name, value in content.columns().items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = now, by
    row.save()
    row.pieces.set(content.pieces)
    return row


@transaction.atomic
def delete_occasion(*, occasion: Occasion, by: User, now: datetime) -> None:
    """Into the trash; entries that name it keep their flag and name nothing. Raises GoneMeanwhile."""
    row = lock_row(occasion, "delete", by)
    row.deleted_at, row.changed_at, row.changed_by = now, now, by
    row.save(update_fields=["deleted_at", "changed_at", "changed_by"])


def move_piece(*, into: Piece, other: Piece) -> None:
    """Occasions that name ``other`` name ``into``, each once. Inside the caller's transaction."""
    links = OccasionPiece.objects
    named = list(links.filter(piece=into).values_list("occasion", flat=True))
    links.filter(piece=other, occasion__in=named).delete()
    links.filter(piece=other).update(piece=into)
