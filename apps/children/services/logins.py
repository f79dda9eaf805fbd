"""Setting up a child's sign-in, its card, and taking it away.

Each service locks the student first, then the sign-in, and saves what it has changed and no more: two
guardians who act at once have an order, and neither undoes what the other did.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from apps.accounts.models import Student, User
from apps.accounts.services import (
    StudentHasALogin,
    attach_child_login,
    close_child_login,
    make_child_login,
    when_sign_in_ends,
)
from apps.accounts.services.family import check_unlocked, lock_student
from apps.children import secrets, usernames
from apps.children.models import ChildLogin, SecretKind, TrustedDevice
from apps.core import audit

from .errors import NameIsTaken, NoSignIn

# Two first names with the same number are rare, in a full school too.
TRIES = 20


@transaction.atomic
def open_login(*, student: Student, by: User, now: datetime) -> ChildLogin:
    """The child's account, opened if it is not: without a secret, so that nobody can sign in yet.

    Raises StudentIsAdult, StudentHasALogin for an account of the student's own, FamilyIsLocked.
    """
    row = lock_student(student)
    login = _locked_logins().filter(student=row).first()
    if login is not None and login.closed_at is None:
        return login
    if row.user_id is not None:
        raise StudentHasALogin
    check_unlocked(row)
    if login is None:
        user = make_child_login(student=student, by=by, now=now)
        return _insert(student, user, by=by, now=now)
    attach_child_login(student=student, user=login.user, by=by, now=now)
    login.closed_at = None
    login.save(update_fields=["closed_at"])
    return login


def _insert(student: Student, user: User, *, by: User, now: datetime) -> ChildLogin:
    for _try in range(TRIES):
        login = ChildLogin(
            student=student,
            user=user,
            username=usernames.suggest(student),
            kind=SecretKind.NONE,
            created_at=now,
            created_by=by,
        )
        try:
            with transaction.atomic():
                login.save(force_insert=True)
        except IntegrityError:
            continue
        return login
    raise NameIsTaken


@transaction.atomic
def set_up(*, student: Student, username: str, kind: str, value: str, by: User, now: datetime) -> ChildLogin:
    """How the child signs in from now on. An empty name is made here; an empty ``kind`` changes no secret.

    A new secret ends the child's sessions everywhere. Raises NameIsTaken, StudentIsAdult,
    StudentHasALogin, FamilyIsLocked.
    """
    login = open_login(student=student, by=by, now=now)
    login.username = username or login.username
    if kind:
        login.kind = kind
        secrets.set_secret(login, value)
        end_sessions(login.user)
    try:
        with transaction.atomic():
            login.save(update_fields=["username", "kind", "secret"])
    except IntegrityError:
        raise NameIsTaken from None
    _note("child.sign-in-set", login, by=by, now=now, kind=kind or "name")
    return login


@transaction.atomic
def close_login(*, student: Student, by: User, now: datetime) -> None:
    """No sign-in, no card, no trusted device any more; the diary stays. Raises NoSignIn, FamilyIsLocked."""
    login = _open_login_of(student)
    check_unlocked(student)
    close_child_login(student=student, user=login.user, by=by, now=now)


@when_sign_in_ends
def end_sign_in(*, student: Student, user: User, by: User, now: datetime) -> None:
    """With the child's account goes all that leads into it, whoever closed it: a guardian, or the account of
    the student's own that takes its place."""
    login = _locked_logins().filter(student=student, user=user, closed_at__isnull=True).first()
    if login is None:
        return
    login.kind, login.secret = SecretKind.NONE, ""
    login.card_nonce, login.card_hash = "", None
    login.closed_at = now
    login.save(update_fields=["kind", "secret", "card_nonce", "card_hash", "closed_at"])
    TrustedDevice.objects.filter(student=student, revoked_at__isnull=True).update(revoked_at=now)
    _note("child.sign-in-closed", login, by=by, now=now)


@transaction.atomic
def make_card(*, student: Student, by: User, now: datetime) -> ChildLogin:
    """A card, or a new one: what was printed before leads nobody in. Raises NoSignIn."""
    login = _open_login_of(student)
    login.renew_card()
    login.save(update_fields=["card_nonce", "card_hash"])
    _note("child.card-made", login, by=by, now=now)
    return login


@transaction.atomic
def revoke_card(*, student: Student, by: User, now: datetime) -> None:
    """What was printed leads nobody in any more. Raises NoSignIn."""
    login = _open_login_of(student)
    login.card_nonce, login.card_hash = "", None
    login.save(update_fields=["card_nonce", "card_hash"])
    _note("child.card-revoked", login, by=by, now=now)


@transaction.atomic
def hand_over(*, student: Student, by: User, now: datetime) -> User:
    """The account that a shared device is handed over to; made if there is none.

    Raises StudentIsAdult, StudentHasALogin for an account that is the student's own, FamilyIsLocked.
    """
    login = open_login(student=student, by=by, now=now)
    _note("child.handed-over", login, by=by, now=now)
    return login.user


def end_sessions(user: User) -> None:
    """Sessions carry a hash of the (unusable) password: a new one ends them all."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


def _locked_logins() -> QuerySet[ChildLogin]:
    """With their accounts. The caller holds the student's row."""
    return ChildLogin.objects.select_for_update(of=("self",)).select_related("user")


def _open_login_of(student: Student) -> ChildLogin:
    lock_student(student)
    login = _locked_logins().filter(student=student, closed_at__isnull=True).first()
    if login is None:
        raise NoSignIn
    return login


def _note(action: str, login: ChildLogin, *, by: User, now: datetime, **details: str) -> None:
    audit.record(action=action, actor=by, target=login, now=now, student_id=login.student_id, **details)
