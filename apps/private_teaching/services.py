"""Starting and ending a teaching."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from apps.accounts.models import Student, User
from apps.accounts.services import create_student, moves
from apps.core import audit

from .models import Teaching


class StudentAlreadyAdded(Exception):
    """The same form was sent twice; ``teaching`` is what the first one made, if it was this teacher's."""

    def __init__(self, teaching: Teaching | None) -> None:
        super().__init__()
        self.teaching = teaching


class InstrumentAlreadyTaught(Exception):
    """This teacher teaches this student this instrument already."""


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
    ended = Teaching.objects.current().filter(pk=teaching.pk).update(ended_at=now)
    if ended:
        audit.record(
            action="teaching.ended", actor=by, target=teaching, now=now, student_id=teaching.student_id
        )


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
    taught = Teaching.objects.current().filter(student=student, teacher=teacher)
    taught.filter(instrument__iexact=instrument, cover_until__isnull=False).update(cover_until=until)
