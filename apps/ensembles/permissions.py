"""Who brings players together, who agrees for one, and who answers among them (ADR 0030)."""

from django.db.models import Q

from apps.accounts.models import Student, User
from apps.accounts.models.students import MINORS, family_ids
from apps.consent.permissions import may_decide as may_decide_consents
from apps.core.access import rule
from apps.practice.models import PracticeEntry

from .models import Ensemble, GroupPart, Membership, MembershipQuerySet, stands


@rule(Ensemble, "view", "change")
def may_lead(user: User) -> Q:
    """Its teacher, and nobody else: others know of it through their own membership. Nobody who says that
    they are under 18 leads one."""
    minors = Student.objects.own(user).filter(age_band__in=MINORS)
    return Q(teacher=user, ended_at__isnull=True) & ~Q(teacher__in=minors.values("user_id"))


@rule(Student, "play_together")
def may_play(user: User) -> Q:
    """The family: whoever writes in the diary as the student, and reads all of it."""
    return Q(pk__in=family_ids(user))


def familys(user: User, rows: MembershipQuerySet) -> Q:
    """Of memberships: those of these that are this person's family's. For a child there is none to which no
    grown-up has agreed."""
    own = rows.filter(teaching__student__in=family_ids(user))
    return Q(pk__in=(own.filter(stands()) if user.is_child else own).values("pk"))


def asked_by(user: User) -> Q:
    """Of memberships: those in an ensemble of this teacher."""
    return Q(pk__in=Membership.objects.there().filter(ensemble__teacher=user).values("pk"))


@rule(Membership, "view")
def may_view_membership(user: User) -> Q:
    """The family of the pupil, and who asked."""
    return familys(user, Membership.objects.there()) | asked_by(user)


@rule(Membership, "end")
def may_end_membership(user: User) -> Q:
    """Either side, at any time; a child takes their own name away, too. The family also while the lessons
    pause: the name would come back with them."""
    return familys(user, Membership.objects.unended()) | asked_by(user)


@rule(Membership, "report")
def may_report(user: User) -> Q:
    """Whose name the family reads now, so that no address tells more."""
    live = Membership.objects.live()
    mine = live.filter(teaching__student__in=family_ids(user))
    others = live.filter(ensemble__in=mine.values("ensemble"))
    return Q(pk__in=others.exclude(teaching__student__in=family_ids(user)).values("pk"))


@rule(Membership, "decide")
def may_decide(user: User) -> Q:
    """A name is shown by the word of whoever decides what is kept about the student: a guardian, an adult,
    somebody old enough without guardians. Never the teacher who asks, and never a child."""
    return familys(user, Membership.objects.there()) & Q(
        teaching__student__in=Student.objects.filter(may_decide_consents(user))
    )


@rule(PracticeEntry, "play_together")
def may_say_together(user: User) -> Q:
    """The family, of an entry that every teacher may read: what is private or for one stays so."""
    own = {"deleted_at__isnull": True, "is_private": False, "addressed_to__isnull": True}
    return Q(student__in=family_ids(user), **own)


@rule(GroupPart, "come_late")
def may_come_late(user: User) -> Q:
    """Whoever finds that a question to their family waits no more is told so, and not why."""
    own = Q(membership__teaching__student__in=family_ids(user))
    return own & ~Q(pk__in=GroupPart.objects.open().values("pk"))


@rule(GroupPart, "view", "answer")
def may_answer(user: User) -> Q:
    """The family of the player who is asked, as long as the question waits."""
    waiting = GroupPart.objects.open().filter(membership__teaching__student__in=family_ids(user))
    return Q(pk__in=waiting.values("pk"))
