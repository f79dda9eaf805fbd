"""Starting, pausing and ending a teaching; the young adult's hand-over."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from apps.accounts.family_emails import tell_let_in
from apps.accounts.models import Student, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.services import create_student, grant_student, moves, withdraw_invitations
from apps.core import audit
from apps.private_teaching.models import Teaching


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
    same = Teaching.objects.filter(teacher=teacher, student=student, instrument__iexact=instrument)
    # Over by its own date, but nobody has written so: it would stand in the way of the new one.
    same.filter(ended_at__isnull=True, cover_until__lte=now).update(ended_at=F("cover_until"))
    try:
        with transaction.atomic():
            teaching = Teaching.objects.create(
                student=student,
                teacher=teacher,
                instrument=instrument,
                started_at=now,
                cover_until=cover_until,
            )
    except IntegrityError:
        raise InstrumentAlreadyTaught from None
    audit.record(action="teaching.started", actor=by, target=teaching, now=now, student_id=student.pk)
    return teaching


@transaction.atomic
def end_teaching(*, teaching: Teaching, by: User, now: datetime) -> None:
    """End it; the teacher's access ends at this commit. Ending twice changes nothing."""
    if not Teaching.objects.unended().filter(pk=teaching.pk).update(ended_at=now):
        return
    audit.record(action="teaching.ended", actor=by, target=teaching, now=now, student_id=teaching.student_id)
    student, teacher = teaching.student, teaching.teacher
    if not Teaching.objects.unended().by(teacher).filter(student=student).exists():
        # A code in the teacher's drawer would let them in again.
        withdraw_invitations(student=student, person=teacher, by=by, now=now)


@transaction.atomic
def pause_teaching(*, teaching: Teaching, by: User, since: datetime, reason: str, now: datetime) -> None:
    """From ``since`` on the teacher sees nothing of the diary. Raises CannotBePaused."""
    free = Teaching.objects.unended().filter(pk=teaching.pk, paused_at__isnull=True)
    if not free.update(paused_at=since, paused_by=by, pause_reason=reason):
        raise CannotBePaused
    audit.record(
        action="teaching.paused",
        actor=by,
        target=teaching,
        now=now,
        student_id=teaching.student_id,
        since=since.isoformat(),
    )


@transaction.atomic
def resume_teaching(*, teaching: Teaching, by: User, now: datetime) -> None:
    """The teacher sees the diary again, with what was logged meanwhile. Twice changes nothing."""
    paused = Teaching.objects.unended().filter(pk=teaching.pk, paused_at__isnull=False)
    if paused.update(paused_at=None, paused_by=None, pause_reason=""):
        audit.record(
            action="teaching.resumed", actor=by, target=teaching, now=now, student_id=teaching.student_id
        )


@transaction.atomic
def let_in_again(
    *, student: Student, guardian: User, level: GrantLevel, until: datetime, now: datetime
) -> None:
    """A young adult lets a former guardian look again, until a date; that person is told."""
    grant_student(student=student, to=guardian, level=level, until=until, by=student.user, now=now)
    tell_let_in(student=student, reader=guardian, now=now)


@moves(Teaching)
def move_teachings(placeholder: Student, child: Student, now: datetime) -> None:
    """The lessons go on with the child's own diary; a teacher who teaches there already goes on as before."""
    for teaching in Teaching.objects.filter(student=placeholder):
        taught = Teaching.objects.filter(student=child, teacher=teaching.teacher_id, ended_at__isnull=True)
        if teaching.ended_at is None and taught.filter(instrument__iexact=teaching.instrument).exists():
            continue
        Teaching.objects.filter(pk=teaching.pk).update(student=child)


def extend_cover(*, student: Student, teacher: User, instrument: str, until: datetime | None) -> None:
    """Whoever stands in goes on until another day, or for good; who teaches for good already stays so."""
    taught = Teaching.objects.unended().filter(student=student, teacher=teacher)
    taught.filter(instrument__iexact=instrument, cover_until__isnull=False).update(cover_until=until)
