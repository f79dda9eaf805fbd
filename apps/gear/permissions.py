"""Who may do what with a student's instruments and what belongs to them."""

from django.db.models import Q

from apps.accounts.models import Student, User
from apps.accounts.models.students import family_ids
from apps.core.access import rule
from apps.private_teaching.permissions import students_of

from .models import Care, Gear


@rule(Student, "keep_gear")
def may_keep(user: User) -> Q:
    """The family's things are the family's to write down."""
    return Q(pk__in=family_ids(user))


@rule(Gear, "view")
def may_view(user: User) -> Q:
    """Everybody who sees the diary: its entries say what was played on."""
    return Q(deleted_at__isnull=True, student__in=students_of(user))


@rule(Gear, "change", "delete")
def may_change(user: User) -> Q:
    return Q(deleted_at__isnull=True, student__in=family_ids(user))


def stands() -> Q:
    return Q(deleted_at__isnull=True, gear__deleted_at__isnull=True)


@rule(Care, "view")
def may_view_care(user: User) -> Q:
    return stands() & Q(gear__student__in=students_of(user))


@rule(Care, "change")
def may_change_care(user: User) -> Q:
    return stands() & Q(gear__student__in=family_ids(user))
