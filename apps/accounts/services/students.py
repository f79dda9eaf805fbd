"""Students: a name is all it takes, and the login may come later."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import MINORS, AgeBand
from apps.core import audit

from .errors import AgeNotAllowed, NotGrownUp, StudentHasALogin, StudentIsAdult, StudentIsTheGuardian


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
def create_family_child(
    *, name: str, guardian: User, now: datetime, time_zone: str = "", key: UUID | None = None
) -> Student:
    """A child with a diary, made by whoever looks after them: the one place where a family makes one.

    ``key`` is the row's key when the form made it already; IntegrityError when it is taken.
    Raises NotGrownUp.
    """
    student = create_student(
        name=name, by=guardian, time_zone=time_zone or guardian.time_zone, now=now, key=key
    )
    add_guardian(student=student, guardian=guardian, now=now)
    return student


def add_guardian(*, student: Student, guardian: User, now: datetime) -> None:
    """The one place where somebody becomes a guardian; who is one already stays one.

    Raises StudentIsAdult, StudentIsTheGuardian, NotGrownUp.
    """
    if student.age_band == AgeBand.ADULT:
        raise StudentIsAdult
    if student.user_id == guardian.pk:
        raise StudentIsTheGuardian
    require_grown_up(guardian)
    Guardianship.objects.get_or_create(
        student=student, guardian=guardian, ended_at=None, defaults={"started_at": now}
    )


def require_grown_up(user: User) -> None:
    """Whoever said of themselves that they are under 18 answers for no child. Raises NotGrownUp."""
    if Student.objects.own(user).filter(age_band__in=MINORS).exists():
        raise NotGrownUp


def is_childs_login(user: User) -> bool:
    """Whether this account is a child's, whose guardians decide."""
    guarded = Guardianship.objects.current().values("student_id")
    return Student.objects.own(user).filter(age_band__in=MINORS, pk__in=guarded).exists()


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


def attach_login(*, student: Student, user: User, age_band: str) -> None:
    guardians = set(Guardianship.objects.current().filter(student=student).values_list("guardian", flat=True))
    if user.pk in guardians:
        raise StudentIsTheGuardian
    if age_band not in (AgeBand.TEEN, AgeBand.ADULT) or (age_band == AgeBand.ADULT and guardians):
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
