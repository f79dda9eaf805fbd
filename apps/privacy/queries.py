"""Whom an erasure concerns, and what people are shown of their requests."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand, without_own_voice
from apps.core import access

from .models import Erasure, Export

# How many of the newest copies a page lists.
SHOWN = 5


def family_of(student_id: UUID) -> list[User]:
    """The current guardians and the student's own login, unless a guardian made it for a child."""
    guardians = Guardianship.objects.current().filter(student=student_id).values("guardian")
    login = Student.objects.filter(pk=student_id).exclude(without_own_voice()).values("user")
    return list(User.objects.filter(pk__in=guardians.union(login, all=True), is_active=True).order_by("pk"))


def account(user_id: UUID | None) -> User | None:
    """Whoever a row names by id, if they are there still."""
    return User.objects.filter(pk=user_id).first() if user_id is not None else None


def others_of(student_id: UUID, user: User) -> list[User]:
    """Whoever else of the family has a say about the diary."""
    return [other for other in family_of(student_id) if other.pk != user.pk]


def may_erase(user: User, student_id: UUID) -> bool:
    """Whether this person decides for the diary now."""
    return access.allowed(Student.objects.filter(pk=student_id), "erase", user).exists()


def diaries_that_go(user_id: UUID) -> QuerySet[Student]:
    """The diaries that go with an account: its own, and those of children for whom nobody would be left.

    A child with another guardian keeps the diary, and so does a student with a login of their own. A
    guardian about whom the staff have still to decide is another one.
    """
    guardians = Guardianship.objects.unended().filter(student=OuterRef("pk"))
    own = Q(user=user_id) & (Q(age_band=AgeBand.ADULT) | ~Exists(guardians))
    alone = (
        Exists(guardians.filter(guardian=user_id))
        & ~Exists(guardians.exclude(guardian=user_id))
        & without_own_voice()
    )
    return Student.objects.filter(own | alone).order_by("name", "pk")


def diaries_that_stay(user_id: UUID) -> QuerySet[Student]:
    """The diaries that this person belongs to and that stay with the rest of the family."""
    guarded = Guardianship.objects.current().filter(guardian=user_id).values("student")
    mine = Student.objects.filter(Q(user=user_id) | Q(pk__in=guarded))
    return mine.exclude(pk__in=diaries_that_go(user_id).values("pk")).order_by("name", "pk")


def exports_of(user: User, student: Student | None) -> list[Export]:
    """The newest copies that this person asked for."""
    return list(Export.objects.filter(requested_by=user, student=student).order_by("-requested_at")[:SHOWN])


def open_erasure(subject_id: UUID) -> Erasure | None:
    """The erasure of this person or diary that waits or runs. Keys are unique over both."""
    return Erasure.objects.open().filter(subject_id=subject_id).first()
