"""Students: a name is all it takes, and the login may come later."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand
from apps.core import audit

from .errors import AgeNotAllowed, StudentHasALogin, StudentIsTheGuardian
from .majority import end_all_guardianships, is_adult


def create_student(*, name: str, by: User, time_zone: str, now: datetime, key: UUID | None = None) -> Student:
    """A student needs a name and nothing else; who teaches or guards them is another row.

    ``key`` is the row's key when the form made it already; IntegrityError when it is taken.
    """
    student = Student(name=name, time_zone=time_zone, created_at=now, created_by=by)
    student.pk = key or student.pk
    student.save(force_insert=True)
    audit.record(action="student.created", actor=by, target=student, now=now, student_id=student.pk)
    return student


@transaction.atomic
def create_own_student(*, user: User, name: str, age_band: str, now: datetime) -> Student:
    """Somebody of 13 or more starts a diary of their own. Raises AgeNotAllowed, StudentHasALogin."""
    if age_band not in (AgeBand.TEEN, AgeBand.ADULT):
        raise AgeNotAllowed
    try:
        with transaction.atomic():
            student = Student.objects.create(
                name=name,
                user=user,
                age_band=age_band,
                time_zone=user.time_zone,
                created_at=now,
                created_by=user,
            )
    except IntegrityError:
        raise StudentHasALogin from None
    audit.record(action="student.created", actor=user, target=student, now=now, student_id=student.pk)
    return student


def attach_login(*, student: Student, user: User, age_band: str, now: datetime) -> None:
    """The account becomes the student's. Who is 18 by the month of birth takes over from the guardians."""
    guardians = set(Guardianship.objects.unended().filter(student=student).values_list("guardian", flat=True))
    is_heir = bool(guardians) and age_band == AgeBand.ADULT and is_adult(student, student.today(now))
    if user.pk in guardians:
        raise StudentIsTheGuardian
    if age_band not in (AgeBand.TEEN, AgeBand.ADULT) or (
        age_band == AgeBand.ADULT and guardians and not is_heir
    ):
        raise AgeNotAllowed
    # An account that never said its zone knows less than whoever made the student.
    time_zone = student.time_zone if user.time_zone == "UTC" else user.time_zone
    try:
        with transaction.atomic():
            updated = Student.objects.filter(pk=student.pk, user__isnull=True).update(
                user=user, age_band=age_band, time_zone=time_zone
            )
    except IntegrityError:
        raise StudentHasALogin from None
    if not updated:
        raise StudentHasALogin
    student.user, student.age_band, student.time_zone = user, age_band, time_zone
    if is_heir:
        end_all_guardianships(student=student, now=now)
