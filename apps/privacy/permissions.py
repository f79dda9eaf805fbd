"""Who may take a copy of a diary, who may have it erased, and whose copy is whose."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from apps.accounts.models import Guardianship, Objection, Student, User
from apps.accounts.models.family import unlocked
from apps.accounts.models.students import AgeBand, family_ids, guarded_ids, nobody_joined
from apps.core.access import rule
from apps.core.ownership import Subject
from apps.private_teaching.models import Teaching
from apps.private_teaching.permissions import own_ids, taught_ids

from .models import Erasure, ErasureState, Export, ExportState


def spoken_for_ids(user: User) -> QuerySet[Student, Any]:
    """Pupils whose family has not joined and whom nobody else teaches: there is nobody but the teacher."""
    others = Teaching.objects.unended().filter(student=OuterRef("pk")).exclude(teacher=user)
    mine = Student.objects.filter(nobody_joined(), ~Exists(others), pk__in=taught_ids(user))
    return mine.values("pk")


def decided_ids(user: User) -> QuerySet[Any, Any]:
    """The diaries that this person decides for: as a guardian, the student, or as long as nobody joined."""
    return guarded_ids(user).union(own_ids(user), spoken_for_ids(user), all=True)


def concerned_ids(user: User) -> QuerySet[Any, Any]:
    """The diaries whose data is this person's business: a child's too, although a guardian decides."""
    return family_ids(user).union(spoken_for_ids(user), all=True)


@rule(User, "export", "erase")
def may_leave(user: User) -> Q:
    """A person for themselves; for a minor with guardians these look after it, one in dispute too."""
    guarded = Guardianship.objects.unended().values("student_id")
    minors = Student.objects.own(user).exclude(age_band=AgeBand.ADULT).filter(pk__in=guarded)
    return Q(pk=user.pk) & ~Q(pk__in=minors.values("user"))


@rule(Student, "export")
def may_decide(user: User) -> Q:
    """A guardian sees the whole diary, private entries included; so does the student. Before any of them
    has joined, the only teacher answers for what they wrote down."""
    return Q(pk__in=decided_ids(user))


def settled() -> Q:
    """Of students: the staff neither hold the family still nor have to decide who belongs to it."""
    disputed = Objection.objects.open().values("guardianship__student_id")
    return unlocked() & ~Q(pk__in=disputed)


@rule(Student, "erase")
def may_erase(user: User) -> Q:
    """The same, but not while the family is not settled: whoever objected to the other guardian would be
    alone with the diary."""
    return may_decide(user) & settled()


@rule(Student, "view_data")
def may_view_data(user: User) -> Q:
    """The family's page about a diary's data: a child is told, too, although a guardian decides."""
    return Q(pk__in=concerned_ids(user))


@rule(Export, "view")
def may_view_export(user: User) -> Q:
    """Exactly who asked for it, while they may have that diary."""
    return Q(requested_by=user) & (Q(student__isnull=True) | Q(student__in=decided_ids(user)))


@rule(Export, "download")
def may_download(user: User) -> Q:
    return may_view_export(user) & Q(state=ExportState.READY, expires_at__gt=Now())


@rule(Erasure, "view")
def may_view_erasure(user: User) -> Q:
    """The person, or the family; a child is told, too, although a guardian decides."""
    person = Q(subject=Subject.PERSON, subject_id=user.pk)
    return person | Q(subject=Subject.STUDENT, subject_id__in=concerned_ids(user))


@rule(Erasure, "stop")
def may_stop(user: User) -> Q:
    """One voice is enough to keep a diary: the asker's, another guardian's, the student's own."""
    return may_view_erasure(user) & Q(state=ErasureState.WAITING)
