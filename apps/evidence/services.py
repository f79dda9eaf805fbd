"""Every write of evidence. Each holds the student's row lock, so that no limit is passed by two at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.consent.queries import pictures_are_agreed_to
from apps.core import access, audit, kept_files
from apps.core.adding import GoneMeanwhile, KeyIsTaken, PicturesAreNotAgreedTo, TooMany, insert
from apps.lessons.models import Lesson
from apps.practice.models import PracticeEntry
from apps.practice.services import new_for_teachers
from apps.repertoire.services.locks import lock_student
from apps.safeguarding.items import PICTURE_FOLDER

from .content import EvidenceContent
from .models import MOST_OF_LESSON, About, Evidence, Kind, place_of, student_of


class TooManyPictures(TooMany):
    """The diary holds as many pictures as it can."""


def add_evidence(*, key: UUID, about: About, by: User, content: EvidenceContent, now: datetime) -> Evidence:
    """Put it on the entry, which is new to its teachers again, on the skill or on the lesson.

    The same ``key`` twice adds once; raises KeyIsTaken when it said something else before. Raises TooMany,
    TooManyPictures, PicturesAreNotAgreedTo, GoneMeanwhile, CollectionIsOff, FileIsNotKept.
    """
    files = [content.picture.data] if content.picture else []
    with kept_files.stored(PICTURE_FOLDER, *files) as names:
        found = _add(key=key, about=about, by=by, content=content, names=names, now=now)
        if names and found.picture not in names:
            # It was sent twice: the first one has its file.
            kept_files.delete_files(names)
    return found


@transaction.atomic
def _add(
    *,
    key: UUID,
    about: About,
    by: User,
    content: EvidenceContent,
    names: list[str],
    now: datetime,
) -> Evidence:
    student = lock_student(student_of(about).pk)
    about = _still_open(about, by)
    place = place_of(about)
    saved = Evidence.objects.kept().filter(pk=key, added_by=by).first()
    if saved is not None:
        said = content.columns() | place
        if {name: getattr(saved, name) for name in said} == said:
            return saved
        raise KeyIsTaken
    if content.picture and not pictures_are_agreed_to(student.pk):
        raise PicturesAreNotAgreedTo
    require_room(about, content.kind)
    found = Evidence(
        pk=key,
        student=student,
        added_by=by,
        created_at=now,
        picture="".join(names),
        **place,
        **content.columns(),
    )
    insert(found)
    if isinstance(about, PracticeEntry):
        new_for_teachers(entry=about, by=by, now=now)
    return found


def _still_open(about: About, by: User) -> About:
    """As it is under the student's lock, if this person may still add something. Raises GoneMeanwhile."""
    rows: QuerySet[Any] = type(about)._default_manager.filter(pk=about.pk)
    if isinstance(about, Lesson):
        rows = rows.select_related("teaching__student")
    found: About | None = access.allowed(rows, "attach_evidence", by).first()
    if found is None:
        raise GoneMeanwhile
    return found


def room_on(about: About) -> tuple[int, int]:
    """How many there are, and how many there can be."""
    limits = {PracticeEntry: settings.EVIDENCE_PER_ENTRY, Lesson: MOST_OF_LESSON}
    rows = Evidence.objects.kept().filter(**place_of(about))
    return rows.count(), limits.get(type(about), settings.EVIDENCE_PER_SKILL)


def require_room(about: About, kind: str) -> None:
    """Raises TooMany, TooManyPictures."""
    count, most = room_on(about)
    if count >= most:
        raise TooMany(most)
    if kind == Kind.SCREENSHOT:
        most = settings.EVIDENCE_PICTURES_PER_STUDENT
        # Those in the trash too: their files are still there.
        if Evidence.objects.filter(student=student_of(about), kind=Kind.SCREENSHOT).count() >= most:
            raise TooManyPictures(most)


@transaction.atomic
def delete_evidence(*, evidence: Evidence, by: User, now: datetime) -> None:
    """Into the trash; nobody is shown it, or its file, from this commit on. Who takes away what another
    person added is written down. Raises GoneMeanwhile."""
    rows = access.allowed(Evidence.objects.all(), "delete", by).filter(pk=evidence.pk).values("pk")
    if not Evidence.objects.filter(pk__in=rows).update(deleted_at=now):
        raise GoneMeanwhile
    if evidence.added_by_id != by.pk:
        audit.record(
            action="evidence.deleted", actor=by, target=evidence, now=now, student_id=evidence.student_id
        )


def forget_orphans(*, now: datetime) -> int:
    """Delete the files that no row names. Returns how many went."""
    return kept_files.forget_orphans(PICTURE_FOLDER, Evidence, "picture", now=now)
