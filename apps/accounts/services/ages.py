"""The answer to the question about age: one try a day, and of a refused one nothing but its moment."""

from datetime import date, datetime, timedelta

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.models.students import age_on
from apps.core.countries import consent_age

from .avatars import remove_avatar
from .errors import AgeNotAllowed

WAIT = timedelta(days=1)


@transaction.atomic
def note_refusal(*, user: User, now: datetime) -> None:
    """Remember that the account's answer was refused; asking meanwhile does not make the wait longer. Of
    whoever gave it no photo is kept."""
    remove_avatar(user=user, by=None, why="minor", now=now)
    if not is_waiting(user, now):
        user.age_refused_at = now
        user.save(update_fields=["age_refused_at"])


def is_waiting(user: User, now: datetime) -> bool:
    """Whether the account was refused within a day: another answer is not heard."""
    return user.age_refused_at is not None and now - user.age_refused_at < WAIT


def forget_refusals(*, now: datetime) -> None:
    User.objects.filter(age_refused_at__lte=now - WAIT).update(age_refused_at=None)


def age_of(user: User, birth_month: date, *, day: date, now: datetime) -> int:
    """Whole years on the student's day, with the account's row locked against a second answer.

    Raises AgeNotAllowed when another answer was refused within a day.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if is_waiting(locked, now):
        raise AgeNotAllowed
    return age_on(birth_month, day)


def require_old_enough(age: int, country: str) -> None:
    """Raises AgeNotAllowed under the age of consent of the country."""
    if age < consent_age(country):
        raise AgeNotAllowed
