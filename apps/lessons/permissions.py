"""Who plans lessons, who reads of them, and what is the teacher's alone."""

from django.db.models import Q
from django.db.models.functions import Now

from apps.accounts.models import Student, User
from apps.accounts.models.students import family_ids
from apps.core.access import rule
from apps.private_teaching.models import Teaching
from apps.private_teaching.permissions import taught_ids

from .models import Lesson, OwnNote


def own_teachings(user: User) -> Q:
    return Q(pk__in=Teaching.objects.current().by(user).values("pk"))


@rule(Teaching, "plan_lesson")
def may_plan(user: User) -> Q:
    """The teacher of today."""
    return own_teachings(user)


@rule(Student, "view_lessons")
def may_view_lessons(user: User) -> Q:
    """The family, and teachers, each their own. A guest was let into the diary, not into the lessons."""
    return Q(pk__in=family_ids(user).union(taught_ids(user), all=True))


def taught(user: User) -> Q:
    return Q(teaching__in=Teaching.objects.current().by(user).values("pk"))


@rule(Lesson, "view")
def may_view(user: User) -> Q:
    """The family, and the lesson's own teacher while the lessons last: not another one of the same student.

    The family keeps what was; what was planned for lessons that ended or pause is no appointment any more.
    """
    stays = Q(starts_at__lte=Now()) | Q(teaching__in=Teaching.objects.current().values("pk"))
    family = Q(teaching__student__in=family_ids(user)) & stays
    return Q(deleted_at__isnull=True) & (family | taught(user))


@rule(Lesson, "change")
def may_change(user: User) -> Q:
    return Q(deleted_at__isnull=True) & taught(user)


@rule(Lesson, "move")
def may_move(user: User) -> Q:
    """What is called off stays as it was; another lesson is planned instead."""
    return may_change(user) & Q(cancelled_at__isnull=True)


@rule(OwnNote, "view")
def may_view_own_note(user: User) -> Q:
    """Whoever wrote it, on the page of the lesson; afterwards it is in their copy of their data."""
    lessons = Lesson.objects.filter(may_change(user)).values("pk")
    return Q(author=user, lesson__in=lessons)
