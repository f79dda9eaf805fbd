"""Who sees evidence, and who adds some: it follows the entry, the skill or the lesson on which it stands."""

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core.access import rule
from apps.lessons.models import Lesson
from apps.lessons.permissions import may_change as may_change_lesson
from apps.lessons.permissions import may_view as may_view_lesson
from apps.practice.models import PracticeEntry
from apps.private_teaching.audiences import audience
from apps.private_teaching.permissions import granted_ids, students_of
from apps.repertoire.models import Skill

from .models import Evidence


@rule(Evidence, "view")
def may_view(user: User) -> Q:
    """Of an entry, who reads the entry; of a skill, who reads its page; of a lesson, who reads the lesson."""
    # What stands on something else has no entry, and so nobody of an entry's audience.
    of_entry = Q(entry__deleted_at__isnull=True) & audience(user, path="entry__")
    of_skill = Q(skill__isnull=False, skill__deleted_at__isnull=True, student__in=students_of(user))
    of_lesson = Q(lesson__in=Lesson.objects.filter(may_view_lesson(user)).values("pk"))
    return Q(deleted_at__isnull=True) & (of_entry | of_skill | of_lesson)


@rule(Evidence, "delete")
def may_delete(user: User) -> Q:
    """The family anything, as it is the student's, but for what a teacher gave along with a lesson; others
    what they added, while they may still see it."""
    familys = Q(student__in=family_ids(user), lesson__isnull=True)
    return (familys | Q(added_by=user)) & may_view(user)


@rule(PracticeEntry, "attach_evidence")
def may_attach(user: User) -> Q:
    """The family, as long as the entry is there: like a correction it stands beside what was written. A guest
    who may log, to what they logged themselves."""
    shared = Q(is_private=False, addressed_to__isnull=True)
    logged_as_guest = shared & Q(logged_by=user, student__in=granted_ids(user, "log_practice_student"))
    return Q(deleted_at__isnull=True) & (Q(student__in=family_ids(user)) | logged_as_guest)


@rule(Skill, "attach_evidence")
def may_attach_to_skill(user: User) -> Q:
    """Whoever may log. A teacher writes notes there, with links."""
    loggers = family_ids(user).union(granted_ids(user, "log_practice_student"), all=True)
    return Q(deleted_at__isnull=True, student__in=loggers)


@rule(Lesson, "attach_evidence")
def may_attach_to_lesson(user: User) -> Q:
    """Its teacher, while the lessons last."""
    return may_change_lesson(user)
