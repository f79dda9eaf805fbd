"""Who gives what to practise, who reads it, who says that it is done."""

from django.db.models import Q

from apps.accounts.models import Student, User
from apps.accounts.models.students import family_ids
from apps.core.access import rule
from apps.private_teaching.models import Teaching
from apps.private_teaching.permissions import taught_ids

from .models import Assignment, AssignmentCompletion, Template


def own_teachings(user: User) -> Q:
    return Q(teaching__in=Teaching.objects.current().by(user).values("pk"))


def involved(user: User) -> Q:
    """The family, and the teacher who gave it while they teach: not another one of the same student."""
    return Q(teaching__student__in=family_ids(user)) | own_teachings(user)


@rule(Teaching, "assign")
def may_assign(user: User) -> Q:
    """The teacher of today."""
    return Q(pk__in=Teaching.objects.current().by(user).values("pk"))


@rule(Student, "view_assignments")
def may_view_assignments(user: User) -> Q:
    """The family, and teachers, each their own. A guest was let into the diary alone."""
    return Q(pk__in=family_ids(user).union(taught_ids(user), all=True))


@rule(Assignment, "view", "work")
def may_view(user: User) -> Q:
    """Whoever reads it may say what was done for it: the student, a parent beside them, the teacher who heard
    it. What was given stays with the family when the lessons end."""
    return Q(deleted_at__isnull=True) & involved(user)


@rule(Assignment, "change")
def may_change(user: User) -> Q:
    return Q(deleted_at__isnull=True) & own_teachings(user)


@rule(AssignmentCompletion, "take_back")
def may_take_back(user: User) -> Q:
    """What does not count is no teacher's to know of; the form of its session changes it."""
    seen = Assignment.objects.filter(may_view(user)).values("pk")
    return Q(pk__in=AssignmentCompletion.objects.counting().filter(step__assignment__in=seen).values("pk"))


@rule(Template, "change")
def may_change_template(user: User) -> Q:
    """One's own."""
    return Q(owner=user)
