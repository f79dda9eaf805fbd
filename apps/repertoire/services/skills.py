"""Writing skills."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Student, User
from apps.repertoire.content import NoteContent, SkillContent
from apps.repertoire.models import Skill
from apps.repertoire.models.skills import LONGEST_NAME
from apps.repertoire.names import folded

from .errors import ChangedMeanwhile, KeyIsTaken, NameIsTaken, TooMany
from .locks import lock_row, lock_student
from .notes import is_noted, write_note

MOST_SKILLS = 200


def _name_is_free(student_id: UUID, name: str, *, but: UUID) -> None:
    rows = Skill.objects.kept().filter(student=student_id, name_key=folded(name, LONGEST_NAME))
    if rows.exclude(pk=but).exists():
        raise NameIsTaken


def _says(skill: Skill, content: SkillContent) -> bool:
    columns = content.columns()
    return {name: getattr(skill, name) for name in columns} == columns


@transaction.atomic
def add_skill(
    *, key: UUID, student: Student, by: User, content: SkillContent, now: datetime, words: str = ""
) -> Skill:
    """``words`` say what it is about, as its first note. The same ``key`` twice writes once.

    Raises KeyIsTaken, NameIsTaken, TooMany, CollectionIsOff.
    """
    lock_student(student.pk)
    saved = Skill.objects.kept().filter(pk=key, student=student).first()
    if saved is not None:
        if not _says(saved, content) or not is_noted(saved, by, words):
            raise KeyIsTaken
        return saved
    _name_is_free(student.pk, content.name, but=key)
    if Skill.objects.kept().filter(student=student).count() >= MOST_SKILLS:
        raise TooMany(MOST_SKILLS)
    skill = Skill(pk=key, student=student, created_at=now, added_by=by, **content.columns())
    skill.rename(content.name)
    try:
        with transaction.atomic():
            skill.save(force_insert=True)
    except IntegrityError as error:
        raise KeyIsTaken from error
    if words:
        write_note(about=skill, by=by, content=NoteContent(body=words), now=now)
    return skill


@transaction.atomic
def change_skill(
    *, skill: Skill, by: User, content: SkillContent, now: datetime, version: str | None = None
) -> Skill:
    """Rename, sort, archive or bring back. Raises ChangedMeanwhile, NameIsTaken, GoneMeanwhile,
    CollectionIsOff."""
    lock_student(skill.student_id)
    row = lock_row(skill, "change", by)
    if _says(row, content):
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    _name_is_free(row.student_id, content.name, but=row.pk)
    for name, value in content.columns().items():
        setattr(row, name, value)
    row.rename(content.name)
    row.changed_at, row.changed_by = now, by
    row.save()
    return row


@transaction.atomic
def delete_skill(*, skill: Skill, by: User, now: datetime) -> None:
    """Into the trash, with its notes. Raises GoneMeanwhile."""
    row = lock_row(skill, "delete", by)
    row.deleted_at, row.changed_at, row.changed_by = now, now, by
    row.save(update_fields=["deleted_at", "changed_at", "changed_by"])
