from datetime import UTC, datetime
from typing import Any

from allauth.account.models import EmailAddress

from apps.accounts.models import Guardianship, Student, User

LONG_AGO = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def make_user(name: str = "Ada", **fields: Any) -> User:
    """An account with a confirmed address, password ``woodshed-demo``."""
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@people.example")
    user = User.objects.create_user(password="woodshed-demo", display_name=name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_student(name: str = "Mia", **fields: Any) -> Student:
    fields.setdefault("created_at", LONG_AGO)
    return Student.objects.create(name=name, **fields)


def make_guardianship(student: Student, guardian: User, **fields: Any) -> Guardianship:
    fields.setdefault("started_at", LONG_AGO)
    return Guardianship.objects.create(student=student, guardian=guardian, **fields)
