"""Who sees whom. One rule per action on a student and what hangs on the student."""

from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import Guardianship, Invitation, Student, StudentGrant, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand, without_own_voice
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


def guarded_ids(user: User) -> QuerySet[Guardianship, Any]:
    return Guardianship.objects.current().filter(guardian=user).values("student_id")


def adult_ids(user: User) -> QuerySet[Student, Any]:
    """The user's own row, if they decide for themselves."""
    return Student.objects.own(user).filter(age_band=AgeBand.ADULT).values("pk")


def nobody_joined() -> Q:
    """No login and no guardian yet: the teacher still speaks for the student."""
    return without_own_voice() & ~Q(pk__in=Guardianship.objects.current().values("student_id"))


@rule(Student, "invite_guardian")
def may_invite_guardian(user: User) -> Q:
    """A teacher lets the first of a family in; from then on the family decides who else joins.

    Guardians read everything, private entries included: a teacher must not be able to make one
    behind the family's back, and an adult has none.
    """
    family = Q(pk__in=family_ids(user))
    return ~Q(age_band=AgeBand.ADULT) & (family | Q(pk__in=taught_ids(user)) & nobody_joined())


@rule(Student, "invite_student")
def may_invite_student(user: User) -> Q:
    """The student's own login, while there is none: from a guardian, or the teacher before anybody joined."""
    return Q(user__isnull=True) & (Q(pk__in=guarded_ids(user)) | Q(pk__in=taught_ids(user)) & nobody_joined())


@rule(Student, "manage_grants")
def may_manage_grants(user: User) -> Q:
    """The guardians of a child; an adult student for themselves."""
    return Q(pk__in=guarded_ids(user).union(adult_ids(user), all=True))


@rule(Student, "view_guests")
def may_view_guests(user: User) -> Q:
    """The family knows what each guest may do and until when; others know the names."""
    return Q(pk__in=family_ids(user))


@rule(Student, "change")
def may_change(user: User) -> Q:
    """The profile belongs to the family; a teacher may correct it while nobody has joined."""
    return Q(pk__in=family_ids(user)) | Q(pk__in=taught_ids(user)) & nobody_joined()


@rule(Student, "teach")
def may_teach(user: User) -> Q:
    """Whoever teaches the student now may add an instrument."""
    return Q(pk__in=taught_ids(user))


@rule(Student, "limit")
def may_limit(user: User) -> Q:
    """Whoever teaches the student now says whether a session may be longer than usual."""
    return Q(pk__in=taught_ids(user))


@rule(Teaching, "view")
def may_view_teaching(user: User) -> Q:
    return Q(student__in=family_ids(user)) | Q(teacher=user, ended_at__isnull=True)


@rule(Teaching, "end")
def may_end_teaching(user: User) -> Q:
    """Either side may part: the teacher, a guardian, an adult student."""
    family = guarded_ids(user).union(adult_ids(user), all=True)
    return Q(ended_at__isnull=True) & (Q(teacher=user) | Q(student__in=family))


@rule(Invitation, "view", "manage")
def may_manage_invitation(user: User) -> Q:
    """Guardians, for all of their child's; others what they sent themselves, while they may see the student.

    So a teacher never learns an address from a family, and a guest's is the family's business.
    """
    joins = Q(role__in=[InvitationRole.GUARDIAN, InvitationRole.STUDENT])
    own = Q(invited_by=user, student__in=family_ids(user).union(taught_ids(user), all=True))
    grants = Q(role=InvitationRole.GRANTEE, student__in=adult_ids(user))
    return Q(student__in=guarded_ids(user)) | joins & own | grants
