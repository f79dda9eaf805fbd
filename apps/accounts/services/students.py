"""Students: a name is all it takes, and the login may come later."""

from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import ADULT_AGE, MINORS, YOUNGEST_TEEN, AgeBand, age_on
from apps.core import audit
from apps.core.countries import country_of
from apps.core.days import local_day

from .ages import age_of, require_old_enough
from .answering import answers_for
from .children import close_child_login
from .collection import MayNotDecide, agree
from .errors import (
    AgeIsAnAdults,
    AgeNotAllowed,
    AnswersForOthers,
    NotAgreed,
    NotGrownUp,
    StudentHasALogin,
    StudentIsAdult,
    StudentIsTheGuardian,
)
from .family import check_may_join
from .majority import band_of, forget_face_of_minor


def create_student(*, name: str, by: User, time_zone: str, now: datetime, key: UUID | None = None) -> Student:
    """A student needs a name and nothing else; who teaches or guards them is another row.

    ``key`` is the row's key when the form made it already; IntegrityError when it is taken.
    """
    country = country_of(time_zone)
    student = Student(name=name, time_zone=time_zone, country=country, created_at=now, created_by=by)
    student.pk = key or student.pk
    student.save(force_insert=True)
    audit.record(action="student.created", actor=by, target=student, now=now, student_id=student.pk)
    return student


@transaction.atomic
def create_family_child(
    *,
    name: str,
    guardian: User,
    now: datetime,
    agreed: bool,
    time_zone: str = "",
    key: UUID | None = None,
) -> Student:
    """A child with a diary, made by whoever looks after them: the one place where a family makes one.

    ``key`` is the row's key when the form made it already; IntegrityError when it is taken. Without
    ``agreed`` the diary is there, and nothing can be written in it yet. Raises NotGrownUp.
    """
    student = create_student(
        name=name, by=guardian, time_zone=time_zone or guardian.time_zone, now=now, key=key
    )
    add_guardian(student=student, guardian=guardian, agreed=agreed, now=now)
    return student


def add_guardian(*, student: Student, guardian: User, agreed: bool, now: datetime) -> None:
    """The one place where somebody becomes a guardian; who is one already stays one.

    Raises StudentIsAdult, StudentIsTheGuardian, NotGrownUp, FamilyIsLocked, GuardianIsSuspended.
    """
    check_may_join(student, guardian)
    if student.age_band == AgeBand.ADULT:
        raise StudentIsAdult
    if student.user_id == guardian.pk:
        raise StudentIsTheGuardian
    require_grown_up(guardian)
    Guardianship.objects.get_or_create(
        student=student, guardian=guardian, ended_at=None, defaults={"started_at": now}
    )
    if agreed:
        agree_if_possible(student=student, by=guardian, now=now)


def agree_if_possible(*, student: Student, by: User, now: datetime) -> None:
    """Somebody else may decide by now: joining is right all the same."""
    with suppress(MayNotDecide):
        agree(student=student, by=by, now=now)


def require_grown_up(user: User) -> None:
    """Whoever said of themselves that they are under 18 answers for no child. Raises NotGrownUp."""
    if Student.objects.own(user).filter(age_band__in=MINORS).exists():
        raise NotGrownUp


def is_childs_login(user: User) -> bool:
    """Whether this account is a child's, whose guardians decide, also while the staff decide about one."""
    guarded = Guardianship.objects.unended().values("student_id")
    return Student.objects.own(user).filter(age_band__in=MINORS, pk__in=guarded).exists()


@transaction.atomic
def create_own_student(
    *, user: User, name: str, birth_month: date, country: str, agreed: bool, now: datetime
) -> Student:
    """Somebody who is old enough to agree starts a diary of their own, and agrees that it is kept.

    Raises AgeNotAllowed, NotAgreed, StudentHasALogin; then nothing is stored.
    """
    age = age_of(user, birth_month, day=local_day(now, user.time_zone), now=now)
    require_old_enough(age, country)
    if not agreed:
        raise NotAgreed
    try:
        with transaction.atomic():
            student = Student.objects.create(
                name=name,
                user=user,
                birth_month=birth_month,
                age_band=AgeBand.of(age),
                country=country,
                time_zone=user.time_zone,
                created_at=now,
                created_by=user,
            )
    except IntegrityError:
        raise StudentHasALogin from None
    forget_face_of_minor(student, now=now)
    audit.record(action="student.created", actor=user, target=student, now=now, student_id=student.pk)
    agree(student=student, by=user, now=now)
    return student


def attach_login(
    *, student: Student, user: User, birth_month: date | None, agreed: bool, now: datetime
) -> None:
    """The account becomes the student's. Where a guardian said the month of birth, theirs stands.

    Nobody's guardianship ends here. Who is 18 by the guardians' word takes over as everybody does who comes
    of age: all are told, and have days to say that it is wrong. Raises StudentIsTheGuardian,
    AnswersForOthers, AgeNotAllowed, AgeIsAnAdults, StudentHasALogin, FamilyIsLocked, GuardianIsSuspended.
    """
    check_may_join(student, user)
    guardians = set(Guardianship.objects.unended().filter(student=student).values_list("guardian", flat=True))
    if user.pk in guardians:
        raise StudentIsTheGuardian
    if student.birth_month is not None:
        # Nobody is asked, so a refused answer of before counts for nothing.
        birth_month = student.birth_month
        age = age_on(birth_month, student.today(now))
    elif birth_month is not None:
        age = age_of(user, birth_month, day=student.today(now), now=now)
    else:
        raise AgeNotAllowed
    # An adult may well teach others, or have children here.
    if answers_for(user, student if age >= ADULT_AGE else None):
        raise AnswersForOthers
    _require_login_age(age, student, is_guarded=bool(guardians))
    # An account that never said its zone knows less than whoever made the student.
    time_zone = student.time_zone if user.time_zone == "UTC" else user.time_zone
    if student.user is not None and student.user.is_child:
        # What a guardian made for a child makes room for the student's own.
        close_child_login(student=student, user=student.user, by=user, now=now)
    band = band_of(age, is_guarded=bool(guardians))
    _become(student, user, {"birth_month": birth_month, "age_band": band, "time_zone": time_zone})
    forget_face_of_minor(student, now=now)
    if agreed:
        agree_if_possible(student=student, by=user, now=now)


def _become(student: Student, user: User, columns: dict[str, object]) -> None:
    """Two accounts at once, or one with a diary of its own: the database says no. Raises StudentHasALogin."""
    try:
        with transaction.atomic():
            updated = Student.objects.filter(pk=student.pk, user__isnull=True).update(user=user, **columns)
    except IntegrityError:
        raise StudentHasALogin from None
    if not updated:
        raise StudentHasALogin
    student.user = user
    for name, value in columns.items():
        setattr(student, name, value)


def _require_login_age(age: int, student: Student, *, is_guarded: bool) -> None:
    """Whoever has guardians is an adult by their word only, not by their own; whoever cannot agree alone
    needs a guardian who did, and is 13.

    Raises AgeIsAnAdults, AgeNotAllowed.
    """
    if is_guarded and age >= ADULT_AGE and student.birth_month is None:
        raise AgeIsAnAdults
    if not (is_guarded and student.collecting and age >= YOUNGEST_TEEN):
        require_old_enough(age, student.country)
