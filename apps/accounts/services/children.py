"""The account that a guardian makes for a child: no address, no password, nothing that mail could open.

How the child proves who they are is ``apps.children``'s business; here is only who they are. That app
registers with ``when_sign_in_ends`` what else goes when such an account is closed, or makes room for the
student's own.
"""

from datetime import datetime
from typing import Protocol

from django.db import transaction

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.accounts.models.users import CHILD_DOMAIN
from apps.core import audit

from .errors import StudentHasALogin, StudentIsAdult
from .family import lock_student


class SignInEnds(Protocol):
    """Told in the transaction that closes the account ``user``, with the student's row locked."""

    def __call__(self, *, student: Student, user: User, by: User, now: datetime) -> None: ...


_told: list[SignInEnds] = []


def when_sign_in_ends(callback: SignInEnds) -> SignInEnds:
    """Register what else ends with a child's account."""
    _told.append(callback)
    return callback


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
def close_child_login(*, student: Student, user: User, by: User, now: datetime) -> None:
    """Nobody is signed in as the child ``user`` from this moment on. The diary and all its words stay.

    Raises StudentHasALogin for an account that is the student's own: only they close that.
    """
    if not user.is_child:
        raise StudentHasALogin
    lock_student(student)
    user.is_active = False
    # Sessions carry a hash of this: none of before works again when the account is opened again.
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    if Student.objects.filter(pk=student.pk, user=user).update(user=None):
        student.user = None
    for callback in _told:
        callback(student=student, user=user, by=by, now=now)
    audit.record(action="child.login-closed", actor=by, target=user, now=now, student_id=student.pk)


def _without_login(student: Student) -> Student:
    row = lock_student(student)
    if row.age_band == AgeBand.ADULT:
        raise StudentIsAdult
    if row.user_id is not None:
        raise StudentHasALogin
    return row


def _attach(student: Student, user: User, *, by: User, now: datetime) -> None:
    student.user = user
    student.save(update_fields=["user"])
    audit.record(action="child.login-opened", actor=by, target=user, now=now, student_id=student.pk)
