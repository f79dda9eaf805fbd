"""Starting, pausing and ending a teaching; the young adult's hand-over."""

import contextlib
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from apps.accounts.family_emails import tell_let_in
from apps.accounts.models import Student, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.services import (
    OfferIsOver,
    create_student,
    grant_student,
    lock_student,
    moves,
    withdraw_invitations,
)
from apps.core import audit
from apps.core.access import allowed
from apps.private_teaching.lesson_emails import tell_family
from apps.private_teaching.models import Teaching

from .asking_to_sign import counted_on


class StudentAlreadyAdded(Exception):
    """The same form was sent twice; ``teaching`` is what the first one made, if it was this teacher's."""

    def __init__(self, teaching: Teaching | None) -> None:
        super().__init__()
        self.teaching = teaching


class InstrumentAlreadyTaught(Exception):
    """This teacher teaches this student this instrument already, or has paused it."""


class CannotBePaused(Exception):
    """Somebody paused or ended the lessons in the meantime."""


def add_student(
    *, teacher: User, name: str, instrument: str, time_zone: str, now: datetime, key: UUID | None = None
) -> Teaching:
    """Put a new pupil on the teacher's roster with a name and an instrument only.

    ``key`` was made with the form, so a double click adds one pupil: raises StudentAlreadyAdded.
    """
    try:
        with transaction.atomic():
            student = create_student(name=name, by=teacher, time_zone=time_zone, now=now, key=key)
            return start_teaching(
                student=student, teacher=teacher, instrument=instrument, by=teacher, now=now
            )
    except IntegrityError:
        mine = Teaching.objects.current().by(teacher).filter(student=key)
        raise StudentAlreadyAdded(mine.first()) from None


@transaction.atomic
def start_teaching(
    *,
    student: Student,
    teacher: User,
    instrument: str,
    by: User,
    now: datetime,
    cover_until: datetime | None = None,
) -> Teaching:
    """Begin; the teacher sees what is shared from this commit on. Raises InstrumentAlreadyTaught.

    With ``cover_until`` it is over then, without anybody doing anything.
    """
    lock_student(student)
    if _lessons_of(student, teacher.pk, instrument, now=now) is not None:
        raise InstrumentAlreadyTaught
    teaching = Teaching.objects.create(
        student=student, teacher=teacher, instrument=instrument, started_at=now, cover_until=cover_until
    )
    audit.record(action="teaching.started", actor=by, target=teaching, now=now, student_id=student.pk)
    return teaching


def _lessons_of(student: Student, teacher: UUID, instrument: str, *, now: datetime) -> Teaching | None:
    """The one row without an end, paused or not. The caller holds the student's row.

    What is over by its own date gets its end written: it would stand in the way of a new one.
    """
    same = Exact(Lower("instrument"), Lower(Value(instrument)))
    rows = Teaching.objects.filter(same, student=student, teacher=teacher, ended_at__isnull=True)
    rows.filter(cover_until__lte=now).update(ended_at=F("cover_until"))
    return rows.first()


@transaction.atomic
def take_up_lessons(
    *,
    student: Student,
    teacher: User,
    instrument: str,
    by: User,
    wanted_at: datetime,
    now: datetime,
    until: datetime | None = None,
) -> Teaching:
    """Both sides have said yes, the family at ``wanted_at``: lessons begin, or go on where they are.

    A pause ends by it. Raises OfferIsOver when the family has paused them since then.
    """
    lock_student(student)
    found = _lessons_of(student, teacher.pk, instrument, now=now)
    if found is None:
        return start_teaching(
            student=student, teacher=teacher, instrument=instrument, by=by, now=now, cover_until=until
        )
    _extend(found, until=until, by=by, now=now)
    if found.paused_at is None or found.paused_at > now:
        return found
    if found.paused_at > wanted_at and found.paused_by_id != teacher.pk:
        raise OfferIsOver
    resume_teaching(teaching=found, by=by, now=now)
    return found


def _extend(teaching: Teaching, *, until: datetime | None, by: User | None, now: datetime) -> None:
    """Whoever stands in goes on until a later day, or for good; nobody's day comes sooner by it."""
    if teaching.cover_until is None or (until is not None and until <= teaching.cover_until):
        return
    teaching.cover_until = until
    teaching.save(update_fields=["cover_until"])
    audit.record(
        action="teaching.extended",
        actor=by,
        target=teaching,
        now=now,
        student_id=teaching.student_id,
        until=until.isoformat() if until else None,
    )


@transaction.atomic
def add_instrument(*, student: Student, teacher: User, instrument: str, now: datetime) -> Teaching:
    """Their pupil has lessons in something else, too; the family is told. Raises InstrumentAlreadyTaught."""
    teaching = start_teaching(student=student, teacher=teacher, instrument=instrument, by=teacher, now=now)
    tell_family(teaching=teaching, now=now)
    return teaching


@transaction.atomic
def end_teaching(*, teaching: Teaching, by: User, now: datetime) -> None:
    """End it; the teacher's access ends at this commit. Ending twice changes nothing.

    Under the student's lock: of two lessons that end at once, the later one takes the codes along.
    """
    student, teacher = lock_student(teaching.student), teaching.teacher
    if not Teaching.objects.unended().filter(pk=teaching.pk).update(ended_at=now):
        return
    audit.record(action="teaching.ended", actor=by, target=teaching, now=now, student_id=student.pk)
    if not Teaching.objects.unended().by(teacher).filter(student=student).exists():
        # A code in the teacher's drawer would let them in again.
        withdraw_invitations(student=student, person=teacher, by=by, now=now)


@transaction.atomic
def pause_teaching(*, teaching: Teaching, by: User, since: datetime, reason: str, now: datetime) -> None:
    """From ``since`` on the teacher sees nothing of the diary. Raises CannotBePaused.

    A pause that the family takes over from the teacher begins no later by it.
    """
    free = allowed(Teaching.objects.select_for_update(of=("self",)), "pause", by)
    row = free.filter(pk=teaching.pk).first()
    if row is None:
        raise CannotBePaused
    _pause(row, since=min(since, row.paused_at or since), by=by, reason=reason, now=now)


def hold_lessons(*, teaching: Teaching, by: User, now: datetime) -> None:
    """Pause at once, for the family, whoever of it asks: the rule about pauses is for pages.

    The caller holds the student's row and has ended a pause of the teacher's.
    """
    _pause(teaching, since=now, by=by, reason="", now=now)


def _pause(row: Teaching, *, since: datetime, by: User, reason: str, now: datetime) -> None:
    row.paused_at, row.paused_by, row.pause_reason = since, by, reason
    row.save(update_fields=["paused_at", "paused_by", "pause_reason"])
    audit.record(
        action="teaching.paused",
        actor=by,
        target=row,
        now=now,
        student_id=row.student_id,
        since=since.isoformat(),
    )


@transaction.atomic
def resume_teaching(*, teaching: Teaching, by: User, now: datetime) -> None:
    """The teacher sees the diary again, with what was logged meanwhile. Twice changes nothing.

    Nobody is asked to sign the weeks of a long pause.
    """
    free, student = Teaching.objects.unended().select_for_update(of=("self",), no_key=True), teaching.student
    row = free.filter(pk=teaching.pk, paused_at__isnull=False).first()
    if row is None or row.paused_at is None:
        return
    if row.sign_off_since is not None:
        paused_on, today = student.today(row.paused_at), student.today(now)
        row.sign_off_since = counted_on(row.sign_off_since, stopped=paused_on, today=today)
    row.paused_at, row.paused_by, row.pause_reason = None, None, ""
    row.save(update_fields=["paused_at", "paused_by", "pause_reason", "sign_off_since"])
    audit.record(action="teaching.resumed", actor=by, target=teaching, now=now, student_id=student.pk)


@transaction.atomic
def let_in_again(
    *, student: Student, guardian: User, level: GrantLevel, until: datetime, now: datetime
) -> None:
    """A young adult lets a former guardian look again, until a date; that person is told."""
    grant_student(student=student, to=guardian, level=level, until=until, by=student.user, now=now)
    tell_let_in(student=student, reader=guardian, now=now)


@moves(Teaching)
def move_teachings(placeholder: Student, child: Student, now: datetime) -> None:
    """The lessons go on with the child's own diary; who teaches there already stays as long as in either, and
    has there what they noted and gave here."""
    for teaching in Teaching.objects.filter(student=placeholder):
        found = None
        if teaching.ended_at is None:
            found = _lessons_of(child, teaching.teacher_id, teaching.instrument, now=now)
        if found is None:
            Teaching.objects.filter(pk=teaching.pk).update(student=child)
        else:
            _extend(found, until=teaching.cover_until, by=None, now=now)
            _hand_on(teaching, found)


def _hand_on(gone: Teaching, kept: Teaching) -> None:
    """What hangs on the one hangs on the other from now on, of whichever app: it would go with its row. What
    stands there already, as a place in the same ensemble does, is not wanted twice."""
    for model in apps.get_models(include_auto_created=True):
        for column in model._meta.local_fields:
            if column.related_model is Teaching:
                rows = model._base_manager.filter(**{column.name: gone.pk})
                for key in list(rows.values_list("pk", flat=True)):
                    with contextlib.suppress(IntegrityError), transaction.atomic():
                        model._base_manager.filter(pk=key).update(**{column.name: kept.pk})
