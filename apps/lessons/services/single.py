"""Every write of one lesson. Each holds the student's row lock; that two of one teacher never meet, the
database holds."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core import access, news
from apps.lessons.content import LessonContent, NotesContent
from apps.lessons.emails import tell_family
from apps.lessons.models import NO_OVERLAP, ChangeKind, Lesson, LessonChange, OwnNote
from apps.lessons.news import KIND
from apps.lessons.times import moment_of
from apps.private_teaching.models import Teaching
from apps.repertoire.services import ChangedMeanwhile, GoneMeanwhile, KeyIsTaken, NotPossible
from apps.repertoire.services.locks import hold_student, lock_row, lock_student

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


class AttendanceIsNotYet(NotPossible):
    """The lesson is still to come, or is called off."""

    field = "attendance"


def begin_of(wall: datetime, time_zone: str, now: datetime) -> datetime:
    """Raises DayIsTooFar."""
    found = moment_of(wall, time_zone).at
    if not now - EARLIEST < found < now + LATEST:
        raise DayIsTooFar
    return found


def save(lesson: Lesson, by: User, now: datetime, *, is_new: bool) -> None:
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


def _hold_student_and_teacher(student_id: UUID, teacher: User) -> None:
    """The student first. Two lessons of one teacher that are written at the same moment wait for each other
    here: in the constraint each would wait for the other, and the database would end one of them without a
    word. Raises CollectionIsOff.
    """
    lock_student(student_id)
    User.objects.select_for_update(no_key=True).get(pk=teacher.pk)


def hold_for_planning(teaching: Teaching, by: User) -> None:
    """Raises GoneMeanwhile, CollectionIsOff."""
    _hold_student_and_teacher(teaching.student_id, by)
    rows = access.allowed(Teaching.objects.filter(pk=teaching.pk), "plan_lesson", by)
    if not rows.exists():
        raise GoneMeanwhile


def new_lesson(key: UUID, teaching: Teaching, by: User, now: datetime, **columns: Any) -> Lesson:
    return Lesson(
        pk=key, teaching=teaching, teacher=by, time_zone=by.time_zone, added_by=by, created_at=now, **columns
    )


@transaction.atomic
def plan_lesson(*, key: UUID, teaching: Teaching, by: User, content: LessonContent, now: datetime) -> Lesson:
    """On the teacher's own clocks. The same ``key`` twice plans once.

    Raises LessonOverlaps, DayIsTooFar, KeyIsTaken, CollectionIsOff; GoneMeanwhile when the lessons ended or
    pause.
    """
    hold_for_planning(teaching, by)
    columns = content.columns(begin_of(content.wall, by.time_zone, now))
    saved = Lesson.objects.kept().filter(pk=key, teacher=by).first()
    if saved is not None:
        if saved.says(columns | {"teaching_id": teaching.pk}):
            return saved
        raise KeyIsTaken
    lesson = new_lesson(key, teaching, by, now, **columns)
    save(lesson, by, now, is_new=True)
    return lesson


@transaction.atomic
def change_lesson(
    *,
    lesson: Lesson,
    by: User,
    content: LessonContent,
    reason: str,
    version: str | None,
    now: datetime,
    following: bool = False,
) -> Lesson:
    """Another time leaves a row that says when it had been, and the family hears of it unless both are past.

    ``following``: those of its series behind it, of which nothing is noted yet, change alike, by as many days
    and to the same time on the wall; all of them or none. Raises LessonOverlaps, DayIsTooFar,
    ChangedMeanwhile, GoneMeanwhile, CollectionIsOff.
    """
    _hold_student_and_teacher(lesson.teaching.student_id, by)
    row = lock_row(lesson, "move", by)
    columns = content.columns(begin_of(content.wall, by.time_zone, now))
    if row.says(columns) and not (following and row.series):
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    rows = [row, *(_held_behind(row) if following and row.series else [])]
    before = {each.pk: (each.starts_at, each.minutes) for each in rows}
    days = content.wall.date() - row.wall.date()
    # In the direction of the move the farthest first: so none meets the next one of its own series.
    for each in reversed(rows) if columns["starts_at"] > row.starts_at else rows:
        wall = datetime.combine(each.wall.date() + days, content.wall.time())
        said = content.columns(begin_of(wall, by.time_zone, now))
        if not each.says(said):
            _rewrite(each, said, by, now)
    moved = [each for each in rows if (each.starts_at, each.minutes) != before[each.pk]]
    _tell_once([write_down(each, ChangeKind.MOVED, before[each.pk], reason, by, now) for each in moved], now)
    return row


def _held_behind(lesson: Lesson) -> list[Lesson]:
    keys = Lesson.objects.following(lesson).values("pk")
    rows = Lesson.objects.filter(pk__in=keys).order_by("starts_at", "pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def _rewrite(lesson: Lesson, columns: dict[str, Any], by: User, now: datetime) -> None:
    for name, value in columns.items():
        setattr(lesson, name, value)
    lesson.time_zone, lesson.changed_at, lesson.changed_by = by.time_zone, now, by
    save(lesson, by, now, is_new=False)


def write_down(
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


def _tell_once(changes: list[LessonChange], now: datetime) -> None:
    """One mail, about the first of them that is still to come; what is past is nobody's news. Nor is what was
    told of these lessons before: it is not so any more."""
    told = LessonChange.objects.filter(lesson__in=[each.lesson_id for each in changes])
    earlier = told.exclude(pk__in=[each.pk for each in changes])
    news.take_back(kind=KIND, about=list(earlier.values_list("pk", flat=True)))
    to_come = [each for each in changes if max(each.was_at, each.lesson.starts_at) > now]
    if to_come:
        first = to_come[0]
        first.with_following = len(to_come) > 1
        first.save(update_fields=["with_following"])
        tell_family(change=first, now=now)


@transaction.atomic
def cancel_lesson(*, lesson: Lesson, by: User, reason: str, now: datetime, following: bool = False) -> None:
    """It stays on the page as called off, and its time is free; ``following``: those behind it in its series,
    too. Twice is as good as once. Raises GoneMeanwhile.
    """
    hold_student(lesson.teaching.student_id)
    row = lock_row(lesson, "change", by)
    rows = [row] if row.cancelled_at is None else []
    rows += _held_behind(row) if following and row.series else []
    changes = []
    for each in rows:
        each.cancelled_at = each.changed_at = now
        each.changed_by = by
        each.save(update_fields=["cancelled_at", "changed_at", "changed_by"])
        before = (each.starts_at, each.minutes)
        changes.append(write_down(each, ChangeKind.CANCELLED, before, reason, by, now))
    _tell_once(changes, now)


@transaction.atomic
def write_notes(
    *, lesson: Lesson, by: User, content: NotesContent, version: str | None, now: datetime
) -> None:
    """Attendance, the note that the family reads, and the teacher's own, which goes when it is emptied.

    Raises ChangedMeanwhile, AttendanceIsNotYet, GoneMeanwhile, CollectionIsOff.
    """
    lock_student(lesson.teaching.student_id)
    row = lock_row(lesson, "change", by)
    said = {"attendance": content.attendance, "shared_note": content.shared_note}
    own = OwnNote.objects.filter(lesson=row).first()
    if row.says(said) and (own.body if own else "") == content.own_note:
        return
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    if content.attendance not in ("", row.attendance, *row.attendances(now)):
        raise AttendanceIsNotYet
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
def note_attendance(*, lesson: Lesson, by: User, attendance: str, now: datetime) -> None:
    """Who was there, alone: nobody's words are touched. Raises AttendanceIsNotYet, GoneMeanwhile,
    CollectionIsOff."""
    lock_student(lesson.teaching.student_id)
    row = lock_row(lesson, "change", by)
    if row.attendance == attendance:
        return
    if attendance not in row.attendances(now):
        raise AttendanceIsNotYet
    row.attendance, row.changed_at, row.changed_by = attendance, now, by
    row.save(update_fields=["attendance", "changed_at", "changed_by"])


@transaction.atomic
def delete_lesson(*, lesson: Lesson, by: User, now: datetime) -> None:
    """For what was never to be: it leaves every page without a word to the family. Raises GoneMeanwhile."""
    row = lock_row(lesson, "move", by)
    row.deleted_at, row.changed_at, row.changed_by = now, now, by
    row.save(update_fields=["deleted_at", "changed_at", "changed_by"])
    news.take_back(kind=KIND, about=list(row.changes.values_list("pk", flat=True)))
