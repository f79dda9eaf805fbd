"""Who stands by a student, asked with the student's own row: one query for a page's head."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, QuerySet, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from apps.accounts.models import Guardianship, Student, StudentGrant, User
from apps.accounts.prepared import ForReader
from apps.accounts.queries import reader_names
from apps.core.access import allowed, with_permission
from apps.practice.models import FocusArea, WeekSignOff
from apps.practice.models.areas import FOCUS_AREA_NAMES
from apps.practice.models.comments import AuthorRole
from apps.practice.permissions import reader_role
from apps.privacy.queries import with_open_erasure
from apps.private_teaching.models import Teaching, is_not_over, is_running

from .choices import NOT_CHOSEN, THINGS, own_of, things_to_filter_by
from .names import full_name
from .sign_offs import AskedWeek, asked_weeks, asking_lessons
from .things import Things, things_in, things_to_name

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Teacher:
    """One teaching of the student, as the diary names it."""

    teaching_id: UUID
    user_id: UUID
    name: str
    instrument: str
    is_current: bool
    # Some week of these lessons was signed.
    has_signed: bool = False

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
    # What the family calls those who read along by a link.
    links: list[str] = field(default_factory=list)
    # The focus areas that the family made, by key and name; nobody else knows of them.
    own_areas: list[tuple[str, str]] = field(default_factory=list)
    # The lessons that ask for a signature, as ``sign_offs.asking_lessons`` found them.
    asked: list[dict[str, Any]] = field(default_factory=list)
    # What a history may be filtered by, the reader's saved filters of it, and the other diaries they read.
    things: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    saved: list[dict[str, Any]] = field(default_factory=list)
    diaries: list[tuple[UUID, str]] = field(default_factory=list)
    # What a line may be attached to.
    known: Things = field(default_factory=lambda: Things([]))

    @property
    def is_family(self) -> bool:
        return self.role in (AuthorRole.STUDENT, AuthorRole.GUARDIAN)

    @property
    def may_sign(self) -> bool:
        """Weeks, where a teacher asks for it and something may be kept."""
        return self.role == AuthorRole.GUARDIAN and self.student.collecting

    @property
    def current_teachers(self) -> list[Teacher]:
        return [teacher for teacher in self.teachers if teacher.is_current]

    @property
    def areas(self) -> "list[tuple[str, _StrPromise | str]]":
        """All focus areas that this reader may ask for, by key and name."""
        return [*FOCUS_AREA_NAMES.items(), *self.own_areas]

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
        return [*found.values(), *(_("%(name)s (by a link)") % {"name": name} for name in self.links)]

    def asked_weeks(self, now: datetime) -> list[AskedWeek]:
        """The last finished weeks of the lessons that ask, as far as this reader knows them: the family
        all, a teacher their own, a guest none."""
        known = {teacher.teaching_id for teacher in self.teachers}
        today = self.student.today(now)
        return asked_weeks((row, today) for row in self.asked if UUID(row["teaching"]) in known)

    @property
    def has_signed_weeks(self) -> bool:
        """There are signatures that this reader knows of."""
        return any(teacher.has_signed for teacher in self.teachers)

    def private_readers(self, user: User) -> list[str]:
        """Everybody who may read what is private: the family."""
        found = {user.pk: _("you")}
        if self.student.user_id is not None:
            found.setdefault(self.student.user_id, self.student.name)
        return list((found | {pk: name for pk, name in self.guardians if pk != user.pk}).values())


def _people(rows: "QuerySet[Any, Any]", path: str) -> ArraySubquery:
    return ArraySubquery(rows.values(data=JSONObject(id=f"{path}_id", name=full_name(path))))


def with_people(
    students: QuerySet[Student],
    user: User,
    *,
    with_weeks: bool = False,
    with_filters: bool = False,
    with_names: bool = False,
    piece: UUID = NOT_CHOSEN,
    skill: UUID = NOT_CHOSEN,
) -> QuerySet[Student]:
    """Annotate what ``diary_head`` reads; ``with_weeks`` is for the one page that shows weeks to sign,
    ``with_names`` for forms with lines, ``with_filters`` for pages that filter entries, by this ``piece``
    and ``skill``."""
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
                    name=full_name("teacher"),
                    instrument="instrument",
                    is_current=Case(When(is_running() & is_not_over(), then=True), default=False),
                    has_signed=Exists(WeekSignOff.objects.filter(teaching=OuterRef("pk"))),
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
        link_names=reader_names(),
        area_rows=ArraySubquery(
            FocusArea.objects.filter(student=here)
            .in_order()
            .values(data=JSONObject(slug="slug", name="name"))
        ),
    )
    if with_weeks:
        annotated = annotated.annotate(asked=asking_lessons())
    if with_names:
        annotated = annotated.annotate(**things_to_name())
    if with_filters:
        annotated = annotated.annotate(**things_to_filter_by(piece=piece, skill=skill), **own_of(user))
    return with_permission(annotated, user, may_log="log_practice")


@cache
def _heads(action: str, with_weeks: bool, with_filters: bool, with_names: bool) -> ForReader[Student]:
    """One statement per action: who may do it, and all that a head needs."""
    more: dict[str, Any] = {"with_weeks": with_weeks, "with_filters": with_filters, "with_names": with_names}

    def build(reader: User, student: UUID, **chosen: Any) -> QuerySet[Student]:
        rows = Student.objects.filter(pk=student)
        return allowed(with_people(rows, reader, **more, **chosen), action, reader)

    names = ("student", "piece", "skill") if with_filters else ("student",)
    return ForReader(build, **dict.fromkeys(names, UUID))


def find_head(
    user: User,
    student: UUID,
    action: str,
    *,
    with_weeks: bool = False,
    with_filters: bool = False,
    with_names: bool = False,
    piece: UUID = NOT_CHOSEN,
    skill: UUID = NOT_CHOSEN,
) -> DiaryHead | None:
    """The head for somebody who may do the action on the student; None for everybody else."""
    statement = _heads(action, with_weeks, with_filters, with_names)
    rows = statement(user, student=student, piece=piece, skill=skill)
    return diary_head(rows[0], user) if rows else None


def _own(person: User) -> QuerySet[Student]:
    return with_people(Student.objects.own(person), person)


_own_heads = ForReader(_own)


def own_head(user: User) -> DiaryHead | None:
    """The head of the person's own diary, if they have one."""
    rows = _own_heads(user)
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
            row["has_signed"],
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
        links=rows["link_names"],
        own_areas=[(row["slug"], row["name"]) for row in rows["area_rows"]]
        if role in (AuthorRole.STUDENT, AuthorRole.GUARDIAN)
        else [],
        asked=rows.get("asked", []),
        things={name: rows.get(name, []) for name in THINGS},
        saved=rows.get("saved", []),
        diaries=_pairs(rows.get("diaries", [])),
        known=things_in(rows),
    )
