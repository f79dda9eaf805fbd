"""Who puts whom aside: a teacher those whom they teach today."""

from django.db.models import Q

from apps.accounts.models import Student, User
from apps.core.access import rule
from apps.private_teaching.permissions import taught_ids

from .models import Snippet, Snooze, TriageSettings


@rule(Student, "snooze", "brief")
def may_snooze(user: User) -> Q:
    """The teacher of today."""
    return Q(pk__in=taught_ids(user))


@rule(Snooze, "view")
def may_view(user: User) -> Q:
    """Whoever wrote it, about a pupil of today."""
    return Q(teacher=user, student__in=taught_ids(user))


@rule(TriageSettings, "view")
def may_view_settings(user: User) -> Q:
    """One's own."""
    return Q(teacher=user)


@rule(Snippet, "change")
def may_change_snippet(user: User) -> Q:
    """One's own."""
    return Q(owner=user)
