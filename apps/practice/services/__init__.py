"""Every write of the diary. Each holds the student's row lock, so a day is never counted twice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.dispatch import Signal

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.services import require_collection
from apps.core import access
from apps.core.prepared import Prepared
from apps.practice import signals
from apps.practice.content import EntryContent, says_something
from apps.practice.emails import tell_family
from apps.practice.models import EntryComment, FocusArea, NewMark, PracticeDay, PracticeEntry
from apps.practice.models.comments import AuthorRole, CommentKind
from apps.practice.models.entries import TEXTS
from apps.practice.news import forget_comments
from apps.practice.words import Statement
from apps.private_teaching.models import Teaching

from .areas import are_of, with_own_area
from .errors import (
    AnswerIsOvertaken,
    ChangedMeanwhile,
    DayIsInTheFuture,
    DayIsTooLong,
    EntryAlreadyLogged,
    EntryIsLocked,
    EntryIsNotPossible,
    KeyIsTaken,
    LineHasNoTitle,
    LineIsTooLong,
    LineKindIsUnknown,
    LineMinutesAreNotPossible,
    LinesAreLongerThanTheSession,
    LinesAreShorterThanTheSession,
    NothingWasSaid,
    NotTheirs,
    NotThisTeaching,
    NotThisThing,
    RepetitionsAreNotPossible,
    SavedBeforeOtherwise,
    SessionIsTooLong,
    SessionIsTooShort,
    TempoIsNotPossible,
    TextIsTooLong,
    TooManyAreas,
    TooManyLines,
)
from .lines import MOST_LINES, are_there, check_lines, held, recount_shares, write_lines
from .saying import saved_before, says
from .words import words_of

__all__ = [
    "MOST_LINES",
    "AnswerIsOvertaken",
    "ChangedMeanwhile",
    "DayIsInTheFuture",
    "DayIsTooLong",
    "EntryAlreadyLogged",
    "EntryIsLocked",
    "EntryIsNotPossible",
    "KeyIsTaken",
    "LineHasNoTitle",
    "LineIsTooLong",
    "LineKindIsUnknown",
    "LineMinutesAreNotPossible",
    "LinesAreLongerThanTheSession",
    "LinesAreShorterThanTheSession",
    "NotTheirs",
    "NotThisTeaching",
    "NotThisThing",
    "NothingWasSaid",
    "RepetitionsAreNotPossible",
    "SavedBeforeOtherwise",
    "SessionIsTooLong",
    "SessionIsTooShort",
    "TempoIsNotPossible",
    "TextIsTooLong",
    "TooManyAreas",
    "TooManyLines",
    "add_comment",
    "change_entry",
    "delete_comment",
    "delete_entry",
    "log_entry",
    "mark_seen",
    "new_for_teachers",
    "recount_day",
    "recount_shares",
]


@dataclass(frozen=True)
class LockedStudent:
    """A student under the row lock, and who stands by them at that moment."""

    student: Student
    teaching_ids: list[UUID]
    is_guarded: bool

    @property
    def longest_session(self) -> int:
        """Minutes: the student's own limit, else 300 with a teacher or guardian, else a whole day."""
        if self.student.max_minutes is not None:
            return self.student.max_minutes
        accompanied = bool(self.teaching_ids) or self.is_guarded
        return settings.PRACTICE_TAUGHT_MAX_MINUTES if accompanied else settings.PRACTICE_MAX_MINUTES


def _build_lock(student: UUID) -> QuerySet[Student]:
    here = OuterRef("pk")
    return (
        Student.objects.select_for_update(of=("self",), no_key=True)
        .annotate(
            teaching_ids=ArraySubquery(Teaching.objects.current().filter(student=here).values("pk")),
            is_guarded=Exists(Guardianship.objects.current().filter(student=here)),
        )
        .filter(pk=student)
    )


_locked = Prepared(_build_lock, student=UUID)


def _lock(student_id: UUID) -> LockedStudent:
    for student in _locked(student=student_id):
        return LockedStudent(student, vars(student)["teaching_ids"], vars(student)["is_guarded"])
    raise Student.DoesNotExist


def _check(
    content: EntryContent, locked: LockedStudent, *, now: datetime, kept: PracticeEntry | None = None
) -> None:
    """``kept``: the entry as it stands. Its teaching may have ended since, and its pieces may be gone."""
    _check_ground(content, locked, now=now, kept=kept)
    _check_things(content, locked.student.pk, kept)


def _check_ground(
    content: EntryContent, locked: LockedStudent, *, now: datetime, kept: PracticeEntry | None = None
) -> None:
    """All that can be said without looking anything up."""
    kept_for = kept.addressed_to_id if kept else None
    require_collection(locked.student)
    if content.minutes < 1:
        raise SessionIsTooShort
    if content.minutes > locked.longest_session:
        raise SessionIsTooLong(locked.longest_session)
    if content.practised_on > locked.student.today(now):
        raise DayIsInTheFuture
    check_lines(content, kept)
    if content.addressed_to is not None and content.addressed_to.pk not in (kept_for, *locked.teaching_ids):
        raise NotThisTeaching
    _check_words(content)


def _check_things(content: EntryContent, student_id: UUID, kept: PracticeEntry | None) -> None:
    """By the rows as they are now, not as a form read them: whoever deletes one of them waits."""
    for name, thing in (("instrument", content.instrument), ("occasion", content.occasion)):
        if thing is not None and not held(type(thing), {thing.pk}, student_id):
            raise NotThisThing(name)
    abouts = {line.about for line in content.lines}
    if not (are_of(content.focus_areas, student_id) and are_there(abouts, student_id, kept)):
        raise NotTheirs


def _check_words(content: EntryContent) -> None:
    is_said = says_something(content.lines, content.description)
    if not is_said and not any(each.says_something for each in content.along):
        raise NothingWasSaid
    for name, limit in TEXTS.items():
        if len(getattr(content, name)) > limit:
            raise TextIsTooLong(name, limit)


def _write_areas(entry: PracticeEntry, areas: Collection[FocusArea]) -> None:
    """For a new entry: nothing is there that would have to be compared first."""
    link = PracticeEntry.focus_areas.through
    link.objects.bulk_create(link(practiceentry_id=entry.pk, focusarea_id=area.pk) for area in areas)


def _mark_new(entry: PracticeEntry, teaching_ids: Collection[UUID], *, now: datetime) -> None:
    """The entry is new for every teacher who sees it. The caller has taken its older marks away.

    So a mark's key is never used twice, and a page that showed one takes away nothing newer.
    """
    if entry.is_private:
        return
    readers = [pk for pk in teaching_ids if entry.addressed_to_id in (None, pk)]
    NewMark.objects.bulk_create(NewMark(teaching_id=pk, entry=entry, marked_at=now) for pk in readers)


def _recount(
    student_id: UUID, days: set[date], *, something_left: bool = False, along: Statement | None = None
) -> None:
    totals = PracticeDay.objects.recount(
        student_id=student_id, days=days, something_left=something_left, along=along
    )
    if any(minutes > settings.PRACTICE_MAX_MINUTES for minutes in totals.values()):
        raise DayIsTooLong


def _announce(signal: Signal, entry: PracticeEntry, by: User, **more: UUID) -> None:
    ids = {"entry_id": entry.pk, "student_id": entry.student_id, "by_id": by.pk, **more}
    transaction.on_commit(lambda: signal.send(sender=PracticeEntry, **ids))


def log_entry(
    *, key: UUID, student: Student, by: User, content: EntryContent, now: datetime
) -> PracticeEntry:
    """Save one session with its lines, its day's summary and the teachers' new marks.

    ``key`` is made by the form or the offline client, so that sending twice saves once: the second
    raises EntryAlreadyLogged, or SavedBeforeOtherwise if it says something else. Raises
    EntryIsNotPossible for what a form must say beside a field, CollectionIsOff where nothing is kept.
    """
    try:
        with transaction.atomic():
            locked = _lock(student.pk)
            content = with_own_area(content, student.pk).flagged()
            _check(content, locked, now=now)
            entry = PracticeEntry(
                pk=key,
                student=student,
                logged_by=by,
                time_zone=locked.student.time_zone,
                created_at=now,
                **content.columns(),
            )
            entry.save(force_insert=True)
            write_lines(entry, content.lines)
            _write_areas(entry, content.focus_areas)
            _recount(student.pk, {entry.practised_on}, along=words_of(entry, content.lines))
            _mark_new(entry, locked.teaching_ids, now=now)
            for each in content.along:
                each.write(entry, by, now)
            _announce(signals.entry_logged, entry, by)
    except IntegrityError as error:
        saved = PracticeEntry.objects.kept().filter(pk=key, student=student).first()
        if saved is not None:
            raise saved_before(saved, content) from error
        if PracticeEntry.objects.filter(pk=key).exists():
            raise KeyIsTaken from error
        raise
    return entry


def _still_open(entry: PracticeEntry, action: str, by: User) -> PracticeEntry:
    """The entry as it is under the student's lock, if this person may still do the action.

    Raises EntryIsLocked when it was deleted, or closed to them, since they opened it.
    """
    found = access.allowed(PracticeEntry.objects.all(), action, by).filter(pk=entry.pk).first()
    if found is None:
        raise EntryIsLocked
    return found


@transaction.atomic
def change_entry(
    *, entry: PracticeEntry, by: User, content: EntryContent, now: datetime, version: str | None = None
) -> PracticeEntry:
    """Save the new content; student, author and time of logging never change. It is new to teachers again.

    ``version``: of the entry that the writer had before them. Raises ChangedMeanwhile if another one
    stands by now, unless it says the same: the form was sent twice. Raises EntryIsNotPossible, and
    EntryIsLocked when it was deleted, or closed to the writer, since they opened it; CollectionIsOff.
    """
    locked = _lock(entry.student_id)
    entry = _still_open(entry, "change", by)
    content = with_own_area(content, entry.student_id).flagged()
    if version not in (None, entry.version):
        if says(entry, content):
            return entry
        raise ChangedMeanwhile(entry.version)
    _check(content, locked, now=now, kept=entry)
    days = {entry.practised_on, content.practised_on}
    columns = content.columns() | {"changed_at": now}
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.save(update_fields=list(columns))
    entry.items.all().delete()
    write_lines(entry, content.lines)
    entry.focus_areas.set(content.focus_areas)
    _recount(entry.student_id, days, something_left=True, along=words_of(entry, content.lines))
    NewMark.objects.filter(entry=entry).delete()
    _mark_new(entry, locked.teaching_ids, now=now)
    for each in content.along:
        each.write(entry, by, now)
    _announce(signals.entry_changed, entry, by)
    return entry


@transaction.atomic
def delete_entry(*, entry: PracticeEntry, by: User, now: datetime) -> None:
    """Take the entry out of every list and count; the row and its revisions stay. Twice changes nothing.

    Raises EntryIsLocked when it was closed to this person since they opened it.
    """
    _lock(entry.student_id)
    if not PracticeEntry.objects.kept().filter(pk=entry.pk).exists():
        return
    # Read anew: somebody may have moved it to another day.
    entry = _still_open(entry, "delete", by)
    entry.deleted_at = entry.changed_at = now
    entry.save(update_fields=["deleted_at", "changed_at"])
    _recount(entry.student_id, {entry.practised_on}, something_left=True)
    NewMark.objects.filter(entry=entry).delete()
    forget_comments(list(EntryComment.objects.filter(entry=entry).values_list("pk", flat=True)))
    _announce(signals.entry_deleted, entry, by)


@transaction.atomic
def add_comment(
    *,
    key: UUID,
    entry: PracticeEntry,
    by: User,
    role: AuthorRole,
    body: str,
    now: datetime,
    thread: Teaching | None = None,
    kind: CommentKind = CommentKind.COMMENT,
    about: str = "",
) -> EntryComment:
    """Write into a thread, ``about`` one line of the entry if one is named. What the family writes makes the
    entry new for the teachers who can read it.

    The same ``key`` twice writes once; raises KeyIsTaken when it said something else before. Raises
    EntryIsLocked when it was deleted, or closed to the author, since they opened it; CollectionIsOff.
    """
    require_collection(_lock(entry.student_id).student)
    entry = _still_open(entry, "comment", by)
    words: dict[str, object] = {"kind": kind, "body": body, "about": about, "thread": thread}
    try:
        comment, created = EntryComment.objects.get_or_create(
            pk=key, entry=entry, author=by, defaults={"author_role": role, "created_at": now, **words}
        )
    except IntegrityError as error:
        if EntryComment.objects.filter(pk=key).exists():
            raise KeyIsTaken from error
        raise
    if not created:
        if comment.deleted_at or any(getattr(comment, name) != value for name, value in words.items()):
            raise KeyIsTaken
        return comment
    if role == AuthorRole.TEACHER:
        tell_family(comment=comment, student_id=entry.student_id, by=by, now=now)
    else:
        new_for_teachers(entry=entry, by=by, now=now, thread=thread)
    _announce(signals.comment_added, entry, by, comment_id=comment.pk)
    return comment


def new_for_teachers(
    *, entry: PracticeEntry, by: User, now: datetime, thread: Teaching | None = None
) -> None:
    """Something was added to the entry: it is new again for the others who teach and can read it, or for the
    one of the thread. In the caller's transaction, which holds the student."""
    teachings = Teaching.objects.current().filter(student=entry.student_id).exclude(teacher=by)
    if thread is not None:
        teachings = teachings.filter(pk=thread.pk)
    readers = list(teachings.values_list("pk", flat=True))
    NewMark.objects.filter(entry=entry, teaching__in=readers).delete()
    _mark_new(entry, readers, now=now)


@transaction.atomic
def delete_comment(*, comment: EntryComment, now: datetime) -> None:
    """Take one's own words back. That there was something stays to be seen. Twice changes nothing."""
    EntryComment.objects.kept().filter(pk=comment.pk).update(deleted_at=now)
    forget_comments([comment.pk])


@transaction.atomic
def recount_day(*, student_id: UUID, day: date) -> None:
    """Write one day's summary anew under the student's lock; for repairs."""
    _lock(student_id)
    _recount(student_id, {day}, something_left=True)


def mark_seen(*, teacher: User, mark_ids: Collection[int]) -> int:
    """These marks were on this teacher's screen. What changed meanwhile has another mark, and stays new."""
    own = Teaching.objects.current().by(teacher)
    return NewMark.objects.filter(teaching__in=own, pk__in=mark_ids).delete()[0]
