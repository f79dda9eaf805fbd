"""Whom an erasure concerns, and what people are shown of their requests."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from apps.accounts.going import knows_which_diaries_go, knows_who_goes
from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand, nobody_joined, without_own_voice
from apps.core import access
from apps.core.holds import begun
from apps.core.ownership import Subject
from apps.private_teaching.models import Teaching

from .models import Erasure, ErasureState, Export, ExportState
from .permissions import settled

# How many of the newest copies a page lists.
SHOWN = 5


@knows_who_goes
def people_who_go() -> QuerySet[Erasure, Any]:
    """Whose account waits to be erased, or is being erased."""
    return Erasure.objects.open().filter(subject=Subject.PERSON).values("subject_id")


@knows_which_diaries_go
def diaries_asked_for() -> QuerySet[Erasure, Any]:
    """Which diaries wait to be erased, or are being erased."""
    return Erasure.objects.open().filter(subject=Subject.STUDENT).values("subject_id")


@begun
def erasure_has_begun(subject: str, key: UUID) -> bool:
    """For whoever places a hold: is it late?"""
    return Erasure.objects.filter(subject=subject, subject_id=key, state=ErasureState.RUNNING).exists()


def family_of(student_id: UUID) -> list[User]:
    """The current guardians and the student's own login, unless a guardian made it for a child."""
    guardians = Guardianship.objects.current().filter(student=student_id).values("guardian")
    login = Student.objects.filter(pk=student_id).exclude(without_own_voice()).values("user")
    return list(User.objects.filter(pk__in=guardians.union(login, all=True), is_active=True).order_by("pk"))


def families_of(student_ids: Collection[UUID]) -> Mapping[UUID, set[UUID]]:
    """``family_of`` many diaries, as ids. Two queries."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    guardians = Guardianship.objects.current().filter(student__in=student_ids, guardian__is_active=True)
    logins = Student.objects.filter(pk__in=student_ids, user__is_active=True)
    for student, person in (
        *guardians.values_list("student_id", "guardian_id"),
        *logins.values_list("pk", "user_id"),
    ):
        found[student].add(person)
    return found


def teachers_of(student_id: UUID) -> QuerySet[Teaching]:
    """The current lessons of a student, one per teacher: the first of them."""
    current = Teaching.objects.current().filter(student=student_id, teacher__is_active=True)
    return current.order_by("teacher_id", "started_at").distinct("teacher_id").select_related("teacher")


def account(user_id: UUID | None) -> User | None:
    """Whoever a row names by id, if they are there still."""
    return User.objects.filter(pk=user_id).first() if user_id is not None else None


def others_of(student_id: UUID, user: User) -> list[User]:
    """Whoever else of the family has a say about the diary."""
    return [other for other in family_of(student_id) if other.pk != user.pk]


def decides_for_themselves(user_id: UUID, action: str) -> bool:
    """Whether this person may have their own account exported or erased; a guarded minor may not."""
    rows = User.objects.filter(pk=user_id)
    return access.allowed(rows, action, User(pk=user_id)).exists()


def may_erase(user: User, student_id: UUID) -> bool:
    """Whether this person decides for the diary now."""
    return access.allowed(Student.objects.filter(pk=student_id), "erase", user).exists()


def diaries_that_go(user_id: UUID) -> QuerySet[Student]:
    """The diaries that go with an account: its own, and those for which nobody would be left.

    Nobody is left of a child whose only guardian leaves, and of a pupil whose only teacher does before a
    family has joined. A student with a login of their own, or another guardian, keeps the diary; a guardian
    about whom the staff have still to decide is another one.
    """
    guardians = Guardianship.objects.unended().filter(student=OuterRef("pk"))
    teachings = Teaching.objects.unended().filter(student=OuterRef("pk"))
    own = Q(user=user_id) & (Q(age_band=AgeBand.ADULT) | ~Exists(guardians))
    alone = _only_guardian(user_id) & without_own_voice()
    taught = (
        nobody_joined()
        & Exists(teachings.filter(teacher=user_id))
        & ~Exists(teachings.exclude(teacher=user_id))
    )
    return Student.objects.filter(own | alone | taught).order_by("name", "pk")


def _only_guardian(user_id: UUID) -> Q:
    guardians = Guardianship.objects.unended().filter(student=OuterRef("pk"))
    return Q(Exists(guardians.filter(guardian=user_id)), ~Exists(guardians.exclude(guardian=user_id)))


def left_alone(user_id: UUID) -> QuerySet[Student]:
    """Minors with a login of their own who would have no guardian any more: until then nobody may go."""
    minors = Student.objects.filter(_only_guardian(user_id)).exclude(without_own_voice())
    return minors.exclude(age_band=AgeBand.ADULT).order_by("name", "pk")


def unsettled(user_id: UUID) -> QuerySet[Student]:
    """Whose family the staff hold still or have to decide about, and which would lose this person."""
    guarded = Guardianship.objects.unended().filter(guardian=user_id).values("student")
    going = diaries_that_go(user_id).order_by().values("pk")
    mine = Student.objects.filter(Q(user=user_id) | Q(pk__in=guarded) | Q(pk__in=going))
    return mine.exclude(settled()).order_by("name", "pk")


def diaries_that_stay(user_id: UUID) -> QuerySet[Student]:
    """The diaries that this person belongs to and that stay with the rest of the family."""
    guarded = Guardianship.objects.current().filter(guardian=user_id).values("student")
    mine = Student.objects.filter(Q(user=user_id) | Q(pk__in=guarded))
    gone = diaries_that_go(user_id).order_by().values("pk")
    return mine.exclude(pk__in=gone).order_by("name", "pk")


def no_longer_theirs() -> list[Export]:
    """Copies of diaries that wait for somebody who may not have them any more. One query per asker."""
    ready = Export.objects.filter(state=ExportState.READY, student__isnull=False)
    askers = User.objects.filter(pk__in=ready.values("requested_by"))
    return [
        export
        for asker in askers
        for mine in [ready.filter(requested_by=asker)]
        for export in mine.exclude(pk__in=access.allowed(mine, "view", asker).values("pk"))
    ]


def exports_of(user: User, student: Student | None) -> list[Export]:
    """The newest copies that this person asked for."""
    return list(Export.objects.filter(requested_by=user, student=student).order_by("-requested_at")[:SHOWN])


def open_erasure(subject_id: UUID) -> Erasure | None:
    """The erasure of this person or diary that waits or runs. Keys are unique over both."""
    return Erasure.objects.open().filter(subject_id=subject_id).first()


def with_open_erasure() -> Subquery:
    """A column of students, ``open_erasure``: what ``open_erasure_of`` reads."""
    rows = Erasure.objects.open().filter(subject=Subject.STUDENT, subject_id=OuterRef("pk"))
    return Subquery(rows.values(data=JSONObject(id="id", due_at="due_at", state="state"))[:1])


def open_erasure_of(student: Student) -> Erasure | None:
    """The erasure of this diary that waits or runs: as the page's own query brought it, or by one more."""
    columns = vars(student)
    if "open_erasure" not in columns:
        return open_erasure(student.pk)
    row = columns["open_erasure"]
    if row is None:
        return None
    due_at = datetime.fromisoformat(row["due_at"])
    return Erasure(pk=UUID(row["id"]), due_at=due_at, state=row["state"])
