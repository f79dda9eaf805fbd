"""Notes and links about a piece or a skill."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core import access
from apps.private_teaching.models import Teaching
from apps.repertoire.content import NoteContent
from apps.repertoire.models import Note, Piece, Skill

from .errors import GoneMeanwhile, KeyIsTaken, NotThisSection, NotThisTeaching, TooMany
from .locks import lock_row, lock_student

# Of one person about one thing: a limit for all together would tell of notes that one may not read.
MOST_NOTES = 100


@transaction.atomic
def add_note(*, key: UUID, about: Piece | Skill, by: User, content: NoteContent, now: datetime) -> Note:
    """The same ``key`` twice writes once; raises KeyIsTaken when it said something else before.

    Raises NotThisTeaching, NotThisSection, TooMany, GoneMeanwhile, CollectionIsOff.
    """
    lock_student(about.student_id)
    row = lock_row(about, "change", by)
    saved = Note.objects.kept().filter(pk=key, author=by).first()
    if saved is not None:
        columns = content.columns() | _names(row)
        if {name: getattr(saved, name) for name in columns} == columns:
            return saved
        raise KeyIsTaken
    _check(row, by, content)
    return write_note(key=key, about=row, by=by, content=content, now=now)


def _names(about: Piece | Skill) -> dict[str, Piece | Skill]:
    return {"piece" if isinstance(about, Piece) else "skill": about}


def _check(about: Piece | Skill, by: User, content: NoteContent) -> None:
    section = content.section
    if section is not None:
        here = about.sections.filter(pk=section.pk, deleted_at=None) if isinstance(about, Piece) else None
        if here is None or not here.exists():
            raise NotThisSection
    is_family = access.is_allowed("delete", by, about)
    if content.is_private and not is_family:
        raise NotThisTeaching
    if content.addressed_to is not None:
        current = Teaching.objects.current().filter(student=about.student_id, pk=content.addressed_to.pk)
        if not (current if is_family else current.filter(teacher=by)).exists():
            raise NotThisTeaching
    if about.notes.filter(author=by, deleted_at__isnull=True).count() >= MOST_NOTES:
        raise TooMany(MOST_NOTES)


def write_note(
    *, about: Piece | Skill, by: User, content: NoteContent, now: datetime, key: UUID | None = None
) -> Note:
    """Inside the caller's transaction, which holds the student."""
    note = Note(
        pk=key or uuid4(),
        student_id=about.student_id,
        author=by,
        created_at=now,
        **_names(about),
        **content.columns(),
    )
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError as error:
        raise KeyIsTaken from error
    return note


def is_noted(about: Piece | Skill, by: User, words: str) -> bool:
    """Whether nothing is lost when these words, sent along with what is there already, are not written."""
    return not words or about.notes.filter(author=by, body=words).exists()


@transaction.atomic
def delete_note(*, note: Note, by: User, now: datetime) -> None:
    """Into the trash. Raises GoneMeanwhile."""
    mine = access.allowed(Note.objects.all(), "delete", by).filter(pk=note.pk).values("pk")
    if not Note.objects.filter(pk__in=mine).update(deleted_at=now):
        raise GoneMeanwhile
