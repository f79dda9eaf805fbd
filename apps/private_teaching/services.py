"""Starting and ending a teaching."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import Student, User
from apps.accounts.services import create_student
from apps.core import audit

from .models import Teaching


@transaction.atomic
def add_student(*, teacher: User, name: str, instrument: str, time_zone: str, now: datetime) -> Teaching:
    """Put a new pupil on the teacher's roster with a name and an instrument only."""
    student = create_student(name=name, by=teacher, time_zone=time_zone, now=now)
    return start_teaching(student=student, teacher=teacher, instrument=instrument, by=teacher, now=now)


@transaction.atomic
def start_teaching(*, student: Student, teacher: User, instrument: str, by: User, now: datetime) -> Teaching:
    """Begin; the teacher sees what is shared from this commit on."""
    teaching = Teaching.objects.create(
        student=student, teacher=teacher, instrument=instrument, started_at=now
    )
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
