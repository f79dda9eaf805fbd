from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Guardianship, Invitation, ReaderLink, Student, StudentProfile, User
from apps.accounts.models.invitations import InvitationRole

LONG_AGO = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def birth_month(age: int) -> date:
    """Of somebody who is exactly so old at this moment."""
    today = timezone.now().date()
    return date(today.year - age - 1, today.month, 1)


def born(age: int) -> dict[str, str]:
    """How somebody of this age answers the question of a form."""
    month = birth_month(age)
    return {"birth_month": str(month.month), "birth_year": str(month.year)}


def make_user(name: str = "Ada", **fields: Any) -> User:
    """An account with a confirmed address, password ``woodshed-demo``."""
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@people.example")
    user = User.objects.create_user(password="woodshed-demo", display_name=name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_users(named: Mapping[str, str]) -> dict[str, User]:
    """``make_user`` for many in two statements: address → name becomes address → account."""
    password = make_password("woodshed-demo")
    users = User.objects.bulk_create(
        User(email=email, display_name=name, password=password) for email, name in named.items()
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    return {user.email: user for user in users}


def make_student(name: str = "Mia", **fields: Any) -> Student:
    """A student whose diary may be kept; tests/factories/consent.py writes what the ledger says of it."""
    fields.setdefault("created_at", LONG_AGO)
    fields.setdefault("collecting", True)
    return Student.objects.create(name=name, **fields)


def make_profile(student: Student, **fields: Any) -> StudentProfile:
    return StudentProfile.objects.create(student=student, **fields)


def make_guardianship(student: Student, guardian: User, **fields: Any) -> Guardianship:
    fields.setdefault("started_at", LONG_AGO)
    return Guardianship.objects.create(student=student, guardian=guardian, **fields)


def make_reader_link(student: Student, by: User, **fields: Any) -> ReaderLink:
    """A link to read along, made the way the product makes it, mail included."""
    fields.setdefault("now", timezone.now())
    given: dict[str, Any] = {
        "name": "Grandma",
        "email": "gran@people.example",
        "days": 30,
        "language": "en",
    } | fields
    return services.make_reader_link(student=student, by=by, **given)


def make_invitation(
    student: Student | None,
    by: User,
    email: str = "new@people.example",
    role: InvitationRole = InvitationRole.GUARDIAN,
    **fields: Any,
) -> Invitation:
    """An invitation made the way the product makes it, mail included."""
    fields.setdefault("now", timezone.now())
    fields.setdefault("language", "en")
    if role == InvitationRole.GRANTEE:
        fields.setdefault("grant_level", "view")
        fields.setdefault("grant_until", fields["now"] + timedelta(days=30))
    if role in (InvitationRole.PUPIL, InvitationRole.TEACHER):
        fields.setdefault("instrument", "Cello")
    return services.invite(student=student, role=role, email=email, by=by, **fields)
