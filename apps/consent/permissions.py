"""Who may say what may be kept about a student, and who may read what was said."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import (
    ADULT_AGE,
    AgeBand,
    BornBefore,
    StudentQuerySet,
    guarded_ids,
    without_own_voice,
)
from apps.core.access import rule

from .models import ConsentEvent


def is_adult() -> Q:
    """By the month of birth; where none is known, by what was said once."""
    born = Q(birth_month__lt=BornBefore(ADULT_AGE))
    return born | Q(birth_month__isnull=True, age_band=AgeBand.ADULT)


def grown_up() -> Q:
    """Adults with a sign-in of their own, for whom nobody else decides: not even somebody who is still down
    as their guardian. Who has only pictures or a number could decide nothing: there the guardians go on."""
    return is_adult() & ~without_own_voice()


def alone() -> StudentQuerySet:
    """Who decides for themselves: adults, and whoever is old enough to agree and without a guardian.

    A guardian whom somebody objected to is one until the staff decide: nobody gets rid of one by objecting.
    """
    guarded = Guardianship.objects.unended().filter(student=OuterRef("pk"))
    return Student.objects.old_enough().filter(is_adult() | ~Exists(guarded))


def alone_ids(user: User) -> QuerySet[Student, Any]:
    """The user's own diary, if they decide for themselves."""
    return alone().own(user).values("pk")


@rule(Student, "decide_consents")
def may_decide(user: User) -> Q:
    """Each guardian of a child; whoever is old enough, for themselves. No teacher, no guest, no child."""
    return Q(pk__in=guarded_ids(user)) & ~grown_up() | Q(pk__in=alone_ids(user))


@rule(Student, "withdraw_consents")
def may_withdraw(user: User) -> Q:
    """Whoever decides; and whoever of the family once gave something, for what stands by their word alone."""
    given = ConsentEvent.objects.filter(by=user, given=True).values("student_id")
    return may_decide(user) | may_view(user) & Q(pk__in=given)


@rule(Student, "view_consents")
def may_view(user: User) -> Q:
    """The family. A child may read what others said about their diary."""
    return Q(pk__in=Student.objects.family_of(user).values("pk"))
