"""Who gives what to practise, who reads it, who says that it is done."""

from django.db.models import Q

from apps.accounts.models import Student, User
from apps.accounts.models.students import family_ids
from apps.consent.permissions import may_decide as may_decide_consents
from apps.core.access import rule
from apps.private_teaching.models import Teaching
from apps.private_teaching.permissions import taught_ids

from .models import Assignment, AssignmentCompletion, Challenge, Participation, Template, taken_part


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


@rule(Challenge, "view", "change")
def may_lead(user: User) -> Q:
    """Whoever set it, and nobody else: families know of it through what they are asked."""
    return Q(teacher=user, ended_at__isnull=True)


@rule(Student, "view_challenges")
def may_view_challenges(user: User) -> Q:
    """The family."""
    return Q(pk__in=family_ids(user))


def _asked_of(user: User) -> Q:
    mine = Participation.objects.there().filter(teaching__student__in=family_ids(user))
    return Q(pk__in=mine.values("pk"))


@rule(Participation, "view")
def may_view_participation(user: User) -> Q:
    """The family, which keeps what the child took part in."""
    return _asked_of(user) | taken_part() & Q(teaching__student__in=family_ids(user))


@rule(Participation, "join")
def may_join(user: User) -> Q:
    """What a pupil does counts for others by the word of whoever decides what is kept about the student: a
    guardian, an adult, somebody old enough without guardians. Never the teacher who asks, never a child."""
    decided = Student.objects.filter(may_decide_consents(user)).values("pk")
    return _asked_of(user) & Q(challenge__closed_at__isnull=True, teaching__student__in=decided)


@rule(Participation, "leave")
def may_leave(user: User) -> Q:
    """Everybody of the family, a child as well, until the result is written; also while the lessons pause."""
    own = Teaching.objects.unended().filter(student__in=family_ids(user)).values("pk")
    standing = {"challenge__ended_at__isnull": True, "challenge__closed_at__isnull": True}
    return Q(teaching__in=own, **standing)


@rule(Participation, "remove")
def may_remove(user: User) -> Q:
    """Whoever asked, as long as the challenge runs."""
    asked = Participation.objects.there().filter(challenge__teacher=user, challenge__closed_at__isnull=True)
    return Q(pk__in=asked.values("pk"))
