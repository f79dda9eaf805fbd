"""Every write of lessons. Each holds the student's row lock; that two of one teacher never meet, the database
holds."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core import access
from apps.private_teaching.models import Teaching
from apps.repertoire.services import ChangedMeanwhile, GoneMeanwhile, KeyIsTaken, NotPossible
from apps.repertoire.services.locks import hold_student, lock_row, lock_student

from .content import LessonContent, NotesContent
from .emails import tell_family
from .models import NO_OVERLAP, ChangeKind, Lesson, LessonChange, OwnNote
from .times import moment_of

# Lessons are planned for a year or two, and written down afterwards for one.
EARLIEST, LATEST = timedelta(days=366), timedelta(days=731)


class LessonOverlaps(NotPossible):
    """The teacher has another lesson then; ``other`` is none where it is not theirs to see just now."""

    field = "time"

    def __init__(self, other: Lesson | None) -> None:
        super().__init__(other)
        self.other = other


class DayIsTooFar(NotPossible):
    """Longer ago than a year, or later than in two."""

    field = "day"


def _starts_at(content: LessonContent, time_zone: str, now: datetime) -> datetime:
    starts_at = moment_of(content.wall, time_zone).at
    if not now - EARLIEST < starts_at < now + LATEST:
        raise DayIsTooFar
    return starts_at


def _save(lesson: Lesson, by: User, now: datetime, *, is_new: bool) -> None:
    """Raises LessonOverlaps, KeyIsTaken."""
    _free(lesson, now)
    try:
        with transaction.atomic():
            lesson.save(force_insert=is_new)
    except IntegrityError as error:
        if NO_OVERLAP in str(error):
            raise LessonOverlaps(_seen_then(lesson, by)) from error
        if is_new and Lesson.objects.filter(pk=lesson.pk).exists():
            raise KeyIsTaken from error
        raise


def _free(lesson: Lesson, now: datetime) -> None:
    """What was planned for lessons that are over takes up nobody's time."""
    lasting = Teaching.objects.unended().values("pk")
    rows = Lesson.objects.during(lesson).filter(starts_at__gt=now)
    rows.exclude(teaching__in=lasting).update(cancelled_at=now, changed_at=now)


def _seen_then(lesson: Lesson, by: User) -> Lesson | None:
    rows = Lesson.objects.during(lesson).select_related("teaching__student")
    return access.allowed(rows, "view", by).order_by("starts_at").first()


@transaction.atomic
def plan_lesson(*, key: UUID, teaching: Teaching, by: User, content: LessonContent, now: datetime) -> Lesson:
    """On the teacher's own clocks. The same ``key`` twice plans once.

    Raises LessonOverlaps, DayIsTooFar, KeyIsTaken, CollectionIsOff; GoneMeanwhile when the lessons ended or
    pause.
    """
    lock_student(teaching.student_id)
    rows = access.allowed(Teaching.objects.filter(pk=teaching.pk), "plan_lesson", by)
    if not rows.exists():
        raise GoneMeanwhile
    columns = content.columns(_starts_at(content, by.time_zone, now))
    saved = Lesson.objects.kept().filter(pk=key, teacher=by).first()
    if saved is not None:
        if saved.says(columns | {"teaching_id": teaching.pk}):
            return saved
        raise KeyIsTaken
    lesson = Lesson(
        pk=key,
        teaching=teaching,
        teacher=by,
        time_zone=by.time_zone,
        added_by=by,
        created_at=now,
        **columns,
    )
    _save(lesson, by, now, is_new=True)
    return lesson


@transaction.atomic
def change_lesson(
    *, lesson: Lesson, by: User, content: LessonContent, reason: str, version: str | None, now: datetime
) -> Lesson:
    """Another time leaves a row that says when it had been, and the family hears of it unless both are past.

    Raises LessonOverlaps, DayIsTooFar, ChangedMeanwhile, GoneMeanwhile, CollectionIsOff.
    """
    lock_student(lesson.teaching.student_id)
    row = lock_row(lesson, "move", by)
    before = (row.starts_at, row.minutes)
    columns = content.columns(_starts_at(content, by.time_zone, now))
    if row.says(columns):
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    for name, value in columns.items():
        setattr(row, name, value)
    row.time_zone, row.changed_at, row.changed_by = by.time_zone, now, by
    _save(row, by, now, is_new=False)
    if (row.starts_at, row.minutes) != before:
        change = _write_down(row, ChangeKind.MOVED, before, reason, by, now)
        if max(before[0], row.starts_at) > now and row.cancelled_at is None:
            tell_family(change=change, now=now)
    return row


def _write_down(
    lesson: Lesson, kind: ChangeKind, before: tuple[datetime, int], reason: str, by: User, now: datetime
) -> LessonChange:
    was_at, was_minutes = before
    return LessonChange.objects.create(
        lesson=lesson,
        kind=kind,
        was_at=was_at,
        was_minutes=was_minutes,
        reason=reason,
        changed_by=by,
        changed_at=now,
    )


@transaction.atomic
def cancel_lesson(*, lesson: Lesson, by: User, reason: str, now: datetime) -> None:
    """It stays on the page as called off, and its time is free. Twice is as good as once.

    Raises GoneMeanwhile.
    """
    hold_student(lesson.teaching.student_id)
    row = lock_row(lesson, "change", by)
    if row.cancelled_at is not None:
        return
    row.cancelled_at = row.changed_at = now
    row.changed_by = by
    row.save(update_fields=["cancelled_at", "changed_at", "changed_by"])
    change = _write_down(row, ChangeKind.CANCELLED, (row.starts_at, row.minutes), reason, by, now)
    if row.starts_at > now:
        tell_family(change=change, now=now)


@transaction.atomic
def write_notes(
    *, lesson: Lesson, by: User, content: NotesContent, version: str | None, now: datetime
) -> None:
    """Attendance, the note that the family reads, and the teacher's own, which goes when it is emptied.

    Raises ChangedMeanwhile, GoneMeanwhile, CollectionIsOff.
    """
    lock_student(lesson.teaching.student_id)
    row = lock_row(lesson, "change", by)
    said = {"attendance": content.attendance, "shared_note": content.shared_note}
    own = OwnNote.objects.filter(lesson=row).first()
    if row.says(said) and (own.body if own else "") == content.own_note:
        return
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    for name, value in said.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = now, by
    row.save(update_fields=[*said, "changed_at", "changed_by"])
    if content.own_note:
        words = {"author": by, "body": content.own_note, "changed_at": now}
        OwnNote.objects.update_or_create(lesson=row, defaults=words)
    elif own is not None:
        own.delete()


@transaction.atomic
def delete_lesson(*, lesson: Lesson, by: User, now: datetime) -> None:
    """For what was never to be: it leaves every page without a word to the family. Raises GoneMeanwhile."""
    row = lock_row(lesson, "move", by)
    row.deleted_at, row.changed_at, row.changed_by = now, now, by
    row.save(update_fields=["deleted_at", "changed_at", "changed_by"])
