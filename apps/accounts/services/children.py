"""The account that a guardian makes for a child: no address, no password, nothing that mail could open.

How the child proves who they are is ``apps.children``'s business; here is only who they are.
"""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.accounts.models.users import CHILD_DOMAIN
from apps.core import audit

from .errors import StudentHasALogin, StudentIsAdult


@transaction.atomic
def make_child_login(*, student: Student, by: User, now: datetime) -> User:
    """An account of the child's own, for nobody to sign in with yet.

    Raises StudentIsAdult; StudentHasALogin, also for a login of the student's own making.
    """
    row = _without_login(student)
    user = User(
        display_name=row.get_short_name(),
        language=by.language,
        time_zone=row.time_zone,
        week_starts_on=by.week_starts_on,
    )
    user.email = f"{user.pk}@{CHILD_DOMAIN}"
    user.set_unusable_password()
    user.save(force_insert=True)
    _attach(row, user, by=by, now=now)
    student.user = user
    return user


@transaction.atomic
def attach_child_login(*, student: Student, user: User, by: User, now: datetime) -> None:
    """Open the child's account again after it was closed. Raises like ``make_child_login``."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    _attach(_without_login(student), user, by=by, now=now)
    student.user = user


@transaction.atomic
def close_child_login(*, student: Student, by: User, now: datetime) -> None:
    """Nobody is signed in as the child from this moment on. The diary and all its words stay."""
    user = User.objects.get(student=student)
    user.is_active = False
    # Sessions carry a hash of this: none of before works again when the account is opened again.
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    Student.objects.filter(pk=student.pk).update(user=None)
    student.user = None
    audit.record(action="child.login-closed", actor=by, target=user, now=now, student_id=student.pk)


def _without_login(student: Student) -> Student:
    row = Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    if row.age_band == AgeBand.ADULT:
        raise StudentIsAdult
    if row.user_id is not None:
        raise StudentHasALogin
    return row


def _attach(student: Student, user: User, *, by: User, now: datetime) -> None:
    student.user = user
    student.save(update_fields=["user"])
    audit.record(action="child.login-opened", actor=by, target=user, now=now, student_id=student.pk)
