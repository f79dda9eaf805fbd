"""Who sees whom. One rule per action on a student and what hangs on the student."""

from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import Guardianship, Invitation, Student, StudentGrant, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from apps.core.access import rule

from .models import Teaching


def family_ids(user: User) -> QuerySet[Student, Any]:
    """The students whose whole diary the user sees: their own row and their children."""
    return (
        Student.objects.own(user)
        .values("pk")
        .union(Guardianship.objects.current().filter(guardian=user).values("student_id"), all=True)
    )


def taught_ids(user: User) -> QuerySet[Teaching, Any]:
    return Teaching.objects.current().by(user).values("student_id")


def granted_ids(user: User, codename: str) -> QuerySet[StudentGrant, Any]:
    return (
        StudentGrant.objects.live()
        .filter(user=user, permission__codename=codename)
        .values("content_object_id")
    )


def students_of(user: User) -> QuerySet[Student, Any]:
    """Everybody the user may know of, as one UNION: each arm uses its own index."""
    return family_ids(user).union(taught_ids(user), granted_ids(user, "view_student"), all=True)


@rule(Student, "view")
def may_view(user: User) -> Q:
    return Q(pk__in=students_of(user))


@rule(Student, "comment")
def may_comment(user: User) -> Q:
    return Q(pk__in=family_ids(user).union(taught_ids(user), granted_ids(user, "comment_student"), all=True))


@rule(Student, "log_practice")
def may_log_practice(user: User) -> Q:
    """Practice is logged by the student, a guardian, or whoever one of them let do it."""
    return Q(pk__in=family_ids(user).union(granted_ids(user, "log_practice_student"), all=True))


@rule(Student, "invite_guardian", "invite_student")
def may_invite(user: User) -> Q:
    """A teacher lets families attach; a guardian brings in the other one, or the child."""
    return Q(
        pk__in=Guardianship.objects.current()
        .filter(guardian=user)
        .values("student_id")
        .union(taught_ids(user), all=True)
    )


@rule(Student, "manage_grants")
def may_manage_grants(user: User) -> Q:
    """The guardians of a child; an adult student for themselves."""
    adult = Student.objects.own(user).filter(age_band=AgeBand.ADULT).values("pk")
    return Q(
        pk__in=Guardianship.objects.current()
        .filter(guardian=user)
        .values("student_id")
        .union(adult, all=True)
    )


@rule(Student, "change")
def may_change(user: User) -> Q:
    """The name and the zone belong to the family; a teacher may correct them while nobody has joined."""
    nobody_joined = Q(user__isnull=True) & ~Q(pk__in=Guardianship.objects.current().values("student_id"))
    return Q(pk__in=family_ids(user)) | (Q(pk__in=taught_ids(user)) & nobody_joined)


@rule(Teaching, "view")
def may_view_teaching(user: User) -> Q:
    return Q(student__in=family_ids(user)) | Q(teacher=user, ended_at__isnull=True)


@rule(Teaching, "end")
def may_end_teaching(user: User) -> Q:
    """Either side may part: the teacher, a guardian, an adult student."""
    adult = Student.objects.own(user).filter(age_band=AgeBand.ADULT).values("pk")
    guarded = Guardianship.objects.current().filter(guardian=user).values("student_id")
    return Q(ended_at__isnull=True) & (Q(teacher=user) | Q(student__in=guarded.union(adult, all=True)))


@rule(Invitation, "view", "manage")
def may_manage_invitation(user: User) -> Q:
    """Whoever may send such an invitation may see, resend and cancel it."""
    guarded = Guardianship.objects.current().filter(guardian=user).values("student_id")
    adult = Student.objects.own(user).filter(age_band=AgeBand.ADULT).values("pk")
    joins = Q(role__in=[InvitationRole.GUARDIAN, InvitationRole.STUDENT])
    return (joins & Q(student__in=guarded.union(taught_ids(user), all=True))) | (
        Q(role=InvitationRole.GRANTEE) & Q(student__in=guarded.union(adult, all=True))
    )
