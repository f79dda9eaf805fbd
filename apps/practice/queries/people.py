"""Who stands by a student, asked with the student's own row: one query for a page's head."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Coalesce, JSONObject, NullIf, StrIndex, Substr
from django.utils.translation import gettext as _

from apps.accounts.models import Guardianship, Student, StudentGrant, User
from apps.core.access import allowed, with_permission
from apps.core.prepared import Prepared
from apps.practice.models.comments import AuthorRole
from apps.practice.permissions import reader_role
from apps.privacy.queries import with_open_erasure
from apps.private_teaching.models import Teaching, is_not_over, is_running


@dataclass(frozen=True, slots=True)
class Teacher:
    """One teaching of the student, as the diary names it."""

    teaching_id: UUID
    user_id: UUID
    name: str
    instrument: str
    is_current: bool

    @property
    def label(self) -> str:
        return f"{self.name} ({self.instrument})" if self.instrument else self.name


@dataclass(frozen=True, slots=True)
class DiaryHead:
    """A student with their people, as one reader may know them."""

    student: Student
    role: AuthorRole
    may_log: bool
    teachers: list[Teacher]
    guardians: list[tuple[UUID, str]]
    guests: list[tuple[UUID, str]]

    @property
    def is_family(self) -> bool:
        return self.role in (AuthorRole.STUDENT, AuthorRole.GUARDIAN)

    @property
    def current_teachers(self) -> list[Teacher]:
        return [teacher for teacher in self.teachers if teacher.is_current]

    @property
    def own_teachings(self) -> list[UUID]:
        """The reader's current teachings of this student; none for who does not read as their teacher."""
        return [t.teaching_id for t in self.teachers] if self.role == AuthorRole.TEACHER else []

    def readers(self, user: User) -> list[str]:
        """Everybody who may read what is shared, the reader first. For the family's eyes."""
        found = {user.pk: _("you")}
        if self.student.user_id is not None:
            found.setdefault(self.student.user_id, self.student.name)
        for pk, name in self.guardians:
            found.setdefault(pk, name)
        for teacher in self.current_teachers:
            found.setdefault(teacher.user_id, _("%(name)s (teacher)") % {"name": teacher.name})
        for pk, name in self.guests:
            found.setdefault(pk, _("%(name)s (guest)") % {"name": name})
        return list(found.values())

    def private_readers(self, user: User) -> list[str]:
        """Everybody who may read what is private: the family."""
        found = {user.pk: _("you")}
        if self.student.user_id is not None:
            found.setdefault(self.student.user_id, self.student.name)
        return list((found | {pk: name for pk, name in self.guardians if pk != user.pk}).values())


def _name(path: str) -> Coalesce:
    """``User.get_full_name`` in SQL: the name, else the address up to its @."""
    address = F(f"{path}__email")
    return Coalesce(
        NullIf(F(f"{path}__display_name"), Value("")), Substr(address, 1, StrIndex(address, Value("@")) - 1)
    )


def _people(rows: "QuerySet[Any, Any]", path: str) -> ArraySubquery:
    return ArraySubquery(rows.values(data=JSONObject(id=f"{path}_id", name=_name(path))))


def with_people(students: QuerySet[Student], user: User) -> QuerySet[Student]:
    """Annotate what ``diary_head`` reads."""
    here = OuterRef("pk")
    annotated = students.annotate(
        role=reader_role(user),
        open_erasure=with_open_erasure(),
        teacher_rows=ArraySubquery(
            Teaching.objects.filter(student=here)
            .order_by("started_at", "pk")
            .values(
                data=JSONObject(
                    teaching_id="pk",
                    user_id="teacher_id",
                    name=_name("teacher"),
                    instrument="instrument",
                    is_current=Case(When(is_running() & is_not_over(), then=True), default=False),
                )
            )
        ),
        guardian_rows=_people(
            Guardianship.objects.current().filter(student=here).order_by("started_at", "pk"), "guardian"
        ),
        guest_rows=_people(
            StudentGrant.objects.live()
            .filter(content_object=here, permission__codename="view_student")
            .order_by("granted_at", "pk"),
            "user",
        ),
    )
    return with_permission(annotated, user, may_log="log_practice")


@cache
def _heads(action: str) -> Prepared[Student]:
    """One statement per action: who may do it, and all that a head needs."""

    def build(user: UUID, student: UUID) -> QuerySet[Student]:
        reader = User(pk=user)
        return allowed(with_people(Student.objects.filter(pk=student), reader), action, reader)

    return Prepared(build, user=UUID, student=UUID)


def find_head(user: User, student: UUID, action: str) -> DiaryHead | None:
    """The head for somebody who may do the action on the student; None for everybody else."""
    rows = _heads(action)(user=user.pk, student=student) if user.is_active else []
    return diary_head(rows[0], user) if rows else None


def _own(user: UUID) -> QuerySet[Student]:
    person = User(pk=user)
    return with_people(Student.objects.own(person), person)


_own_heads = Prepared(_own, user=UUID)


def own_head(user: User) -> DiaryHead | None:
    """The head of the person's own diary, if they have one."""
    rows = _own_heads(user=user.pk)
    return diary_head(rows[0], user) if rows else None


def _pairs(rows: Iterable[dict[str, str]]) -> list[tuple[UUID, str]]:
    return [(UUID(row["id"]), row["name"]) for row in rows]


def diary_head(student: Student, user: User) -> DiaryHead:
    """The head of the diary from a student of ``with_people``. A teacher knows their own teachings only."""
    rows = vars(student)
    role = AuthorRole(rows["role"])
    teachers = [
        Teacher(
            UUID(row["teaching_id"]),
            UUID(row["user_id"]),
            row["name"],
            row["instrument"],
            row["is_current"],
        )
        for row in rows["teacher_rows"]
    ]
    if role == AuthorRole.TEACHER:
        teachers = [teacher for teacher in teachers if teacher.user_id == user.pk and teacher.is_current]
    elif role == AuthorRole.GUEST:
        teachers = []
    return DiaryHead(
        student=student,
        role=role,
        may_log=rows["may_log"],
        teachers=teachers,
        guardians=_pairs(rows["guardian_rows"]),
        guests=_pairs(rows["guest_rows"]),
    )
