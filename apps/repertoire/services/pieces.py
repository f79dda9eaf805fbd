"""Writing pieces and their sections."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Student, User
from apps.repertoire.content import NoteContent, PieceContent, SectionContent
from apps.repertoire.models import Piece, PieceSection, PieceStatusChange
from apps.repertoire.models.pieces import PieceStatus
from apps.repertoire.queries import same_pieces

from .errors import ChangedMeanwhile, DayIsInTheFuture, KeyIsTaken, LooksTheSame, TooMany
from .locks import lock_row, lock_student
from .notes import is_noted, write_note

MOST_PIECES = 500
MOST_SECTIONS = 60


def _check_day(content: PieceContent, student: Student, now: datetime) -> None:
    if content.started_on is not None and content.started_on > student.today(now):
        raise DayIsInTheFuture


def _note_status(piece: Piece, by: User, now: datetime) -> None:
    PieceStatusChange.objects.create(piece=piece, status=piece.status, changed_by=by, changed_at=now)


@transaction.atomic
def add_piece(
    *,
    key: UUID,
    student: Student,
    by: User,
    content: PieceContent,
    now: datetime,
    status: str = PieceStatus.LEARNING,
    words: str = "",
    anyway: bool = False,
) -> Piece:
    """Write a piece down, with the first row of its history and ``words`` as its first note.

    The same ``key`` twice writes once; raises KeyIsTaken when it said something else before. Raises
    LooksTheSame unless ``anyway``, DayIsInTheFuture, TooMany, CollectionIsOff.
    """
    locked = lock_student(student.pk)
    saved = Piece.objects.kept().filter(pk=key, student=student).first()
    if saved is not None:
        began = saved.status_changes.filter(status=status, was_called="")
        if saved.says(content.columns()) and began.exists() and is_noted(saved, by, words):
            return saved
        raise KeyIsTaken
    _check_day(content, locked, now)
    kept = Piece.objects.kept().filter(student=student)
    if not anyway and (same := same_pieces(kept, content.title, content.composer)):
        raise LooksTheSame(same)
    if kept.count() >= MOST_PIECES:
        raise TooMany(MOST_PIECES)
    piece = Piece(pk=key, student=student, status=status, created_at=now, added_by=by, **content.columns())
    piece.rename(content.title, content.composer)
    try:
        with transaction.atomic():
            piece.save(force_insert=True)
    except IntegrityError as error:
        raise KeyIsTaken from error
    _note_status(piece, by, now)
    if words:
        write_note(about=piece, by=by, content=NoteContent(body=words), now=now)
    return piece


@transaction.atomic
def change_piece(
    *, piece: Piece, by: User, content: PieceContent, now: datetime, version: str | None = None
) -> Piece:
    """Write other facts. ``version``: of the piece that the writer had before them.

    Raises ChangedMeanwhile if another one stands by now, unless it says the same; DayIsInTheFuture,
    GoneMeanwhile, CollectionIsOff.
    """
    locked = lock_student(piece.student_id)
    row = lock_row(piece, "change", by)
    if row.says(content.columns()):
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    _check_day(content, locked, now)
    row.rename(content.title, content.composer)
    row.difficulty, row.started_on = content.difficulty, content.started_on
    row.changed_at, row.changed_by = now, by
    row.save()
    return row


@transaction.atomic
def set_status(*, piece: Piece, by: User, status: str, now: datetime) -> Piece:
    """Say how far it is; the history gets a row. The same again changes nothing.

    Raises GoneMeanwhile, CollectionIsOff.
    """
    lock_student(piece.student_id)
    row = lock_row(piece, "change", by)
    if row.status != status:
        # Not ``changed_at``: whoever has the form of its name open overwrites nothing of this.
        row.status = status
        row.save(update_fields=["status"])
        _note_status(row, by, now)
    return row


@transaction.atomic
def delete_piece(*, piece: Piece, by: User, now: datetime) -> None:
    """Into the trash, with all that stands there about it. Raises GoneMeanwhile."""
    row = lock_row(piece, "delete", by)
    row.deleted_at, row.changed_at, row.changed_by = now, now, by
    row.save(update_fields=["deleted_at", "changed_at", "changed_by"])


@transaction.atomic
def add_section(*, key: UUID, piece: Piece, by: User, content: SectionContent, now: datetime) -> PieceSection:
    """The same ``key`` twice writes once. Raises KeyIsTaken, TooMany, GoneMeanwhile, CollectionIsOff."""
    lock_student(piece.student_id)
    row = lock_row(piece, "change", by)
    saved = PieceSection.objects.kept().filter(pk=key, piece=row).first()
    if saved is not None:
        return _said_before(saved, content)
    if row.sections.filter(deleted_at__isnull=True).count() >= MOST_SECTIONS:
        raise TooMany(MOST_SECTIONS)
    section = PieceSection(pk=key, piece=row, created_at=now, added_by=by, **content.columns())
    try:
        with transaction.atomic():
            section.save(force_insert=True)
    except IntegrityError as error:
        raise KeyIsTaken from error
    return section


def _says(section: PieceSection, content: SectionContent) -> bool:
    columns = content.columns()
    return {name: getattr(section, name) for name in columns} == columns


def _said_before(section: PieceSection, content: SectionContent) -> PieceSection:
    if not _says(section, content):
        raise KeyIsTaken
    return section


@transaction.atomic
def change_section(
    *, section: PieceSection, by: User, content: SectionContent, now: datetime, version: str | None = None
) -> PieceSection:
    """Raises ChangedMeanwhile, GoneMeanwhile, CollectionIsOff."""
    lock_student(section.piece.student_id)
    row = lock_row(section, "change", by)
    if _says(row, content):
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    for name, value in content.columns().items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = now, by
    row.save()
    return row


@transaction.atomic
def delete_section(*, section: PieceSection, by: User, now: datetime) -> None:
    """Into the trash; what was noted about it stays with the piece. Raises GoneMeanwhile."""
    row = lock_row(section, "change", by)
    row.deleted_at, row.changed_at, row.changed_by = now, now, by
    row.save(update_fields=["deleted_at", "changed_at", "changed_by"])
