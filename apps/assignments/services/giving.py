"""Giving something to practise: to one pupil or to five hundred, in as many statements."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from apps.accounts.models import Student, User
from apps.assignments.content import AssignmentContent, StepContent
from apps.assignments.models import Assignment, Step
from apps.assignments.news import GIVEN
from apps.core import access, news
from apps.lessons.models import Lesson
from apps.practice.content import NOTHING
from apps.practice.queries.things import things_in, things_to_name
from apps.private_teaching.models import Teaching
from apps.private_teaching.queries import accounts_of_all
from apps.repertoire.services import ChangedMeanwhile, KeyIsTaken, NotPossible
from apps.repertoire.services.locks import lock_row, lock_student

OUT_OF_THE_WAY = 1000
# As long as a page with a form may have stood open.
JUST_NOW = timedelta(hours=1)


class DueDayIsOver(NotPossible):
    """It is before today where this student lives."""

    field = "due_on"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NobodyIsLeft(NotPossible):
    """The lessons of all who were chosen ended or pause, or nothing may be written about them."""

    field = "students"


@dataclass
class Given:
    """Who has it now; of whom nothing may be written down; and who is no pupil any more."""

    assignments: list[Assignment] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@transaction.atomic
def give(
    *,
    key: UUID,
    teachings: Collection[UUID],
    by: User,
    content: AssignmentContent,
    now: datetime,
    lesson: UUID | None = None,
) -> Given:
    """One assignment for each of these lessons; whoever left meanwhile is left out, the others get theirs.
    The one of the ``lesson`` says that it was given there; a lesson that is gone meanwhile is none.

    The same ``key`` twice gives once. Raises DueDayIsOver, NobodyIsLeft; KeyIsTaken when the same key said
    something else.
    """
    mine = Teaching.objects.filter(pk__in=teachings, teacher=by)
    # In the order of their keys: two who give at once wait for each other and never cross.
    students = Student.objects.filter(pk__in=mine.values("student")).order_by("pk")
    if content.about:
        students = students.annotate(**things_to_name())
    held = {row.pk: row for row in students.select_for_update(of=("self",), no_key=True)}
    # Only now: whose lessons ended while this waited is no pupil any more.
    rows = access.allowed(Teaching.objects.filter(pk__in=teachings, student__in=held), "assign", by)
    found = list(rows.select_related("student").order_by("student__name", "student_id", "pk"))
    done = Given(left_out=_left_out(teachings, found, by, now))
    open_to = [each for each in found if held[each.student_id].collecting]
    done.refused = [each.student.name for each in found if not held[each.student_id].collecting]
    if not open_to:
        raise NobodyIsLeft
    for each in open_to:
        _check_due(content.due_on, each.student, now)
    known = _given_before(key, content, by)
    there = access.allowed(Lesson.objects.filter(pk=lesson), "change", by).first() if lesson else None
    new = [
        Assignment(
            pk=uuid4(),
            teaching=each,
            given=key,
            **_things(held[each.student_id], content.about),
            lesson=there if there and there.teaching_id == each.pk else None,
            added_by=by,
            created_at=now,
            **content.columns(),
        )
        for each in open_to
        if each.pk not in known
    ]
    Assignment.objects.bulk_create(new)
    _write_steps(new, content.wanted)
    _tell_families(new, by, now)
    done.assignments = [*known.values(), *new]
    done.names = [each.student.name for each in open_to]
    return done


def _given_before(key: UUID, content: AssignmentContent, by: User) -> dict[UUID, Assignment]:
    """By the key of the teaching. Raises KeyIsTaken where the same key said something else."""
    known = {row.teaching_id: row for row in Assignment.objects.filter(given=key)}
    if any(not _says(row, content, by) for row in known.values()):
        raise KeyIsTaken
    if known and _steps_of(next(iter(known.values()))) != list(content.wanted):
        raise KeyIsTaken
    return known


def _tell_families(new: Collection[Assignment], by: User, now: datetime) -> None:
    families = accounts_of_all({row.teaching.student_id for row in new})
    words = [
        news.Word(
            about=row.pk,
            student_id=row.teaching.student_id,
            readers=[each for each in families[row.teaching.student_id] if each.pk != by.pk],
        )
        for row in new
    ]
    news.tell(kind=GIVEN, words=words, now=now)


def _things(student: Student, about: str) -> dict[str, UUID | None]:
    """The student's own things of this name, as columns."""
    thing = things_in(vars(student)).called(about) if about else None
    return {f"{name}_id": key for name, key in asdict(thing.about if thing else NOTHING).items()}


def _check_due(due_on: date | None, student: Student, now: datetime) -> None:
    if due_on is not None and due_on < student.today(now):
        raise DueDayIsOver(student.name)


def _left_out(teachings: Collection[UUID], found: Collection[Teaching], by: User, now: datetime) -> list[str]:
    """The names of those who were this teacher's pupils when the page was drawn.

    Who left long ago stood on no page, and what they are called today is none of the teacher's business.
    """
    lately = Q(ended_at__gt=now - JUST_NOW) | Q(paused_at__gt=now - JUST_NOW)
    rows = Teaching.objects.filter(lately, pk__in=teachings, teacher=by)
    gone = rows.exclude(pk__in=[each.pk for each in found]).order_by("student__name", "pk")
    return list(gone.values_list("student__name", flat=True))


def _says(row: Assignment, content: AssignmentContent, by: User) -> bool:
    stands = row.deleted_at is None and row.added_by_id == by.pk
    return stands and row.says(content.columns())


def _steps_of(row: Assignment) -> list[StepContent]:
    return [each.content for each in row.steps.order_by("position")]


def _write_steps(assignments: Collection[Assignment], steps: Sequence[StepContent]) -> None:
    Step.objects.bulk_create(
        Step(assignment=assignment, position=position, **step.columns())
        for assignment in assignments
        for position, step in enumerate(steps)
    )


@transaction.atomic
def change_assignment(
    *,
    assignment: Assignment,
    by: User,
    content: AssignmentContent,
    version: str | None,
    now: datetime,
) -> Assignment:
    """A step that stays what it was keeps what was done for it; one that is another now begins anew.

    Raises DueDayIsOver, ChangedMeanwhile, GoneMeanwhile, CollectionIsOff.
    """
    student = lock_student(assignment.teaching.student_id)
    row = lock_row(assignment, "change", by)
    steps = list(row.steps.order_by("position"))
    if row.says(content.columns()) and _steps_of(row) == list(content.wanted):
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    if content.due_on != row.due_on:
        _check_due(content.due_on, student, now)
    columns: dict[str, Any] = content.columns()
    if content.about != row.about:
        named = Student.objects.annotate(**things_to_name()).get(pk=student.pk)
        columns |= _things(named, content.about)
    for name, value in columns.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = now, by
    row.save(update_fields=[*columns, "changed_at", "changed_by"])
    _match_steps(row, steps, content.wanted)
    return row


def _is_meant(step: Step, content: StepContent) -> bool:
    return (step.kind, step.pk) == (content.kind, content.key)


def _reads_alike(step: Step, content: StepContent) -> bool:
    return (step.kind, step.label) == (content.kind, content.label)


def _match_steps(row: Assignment, steps: list[Step], wanted: Sequence[StepContent]) -> None:
    """By what the form says, else by kind and words: the target of a step may grow or shrink, and its words
    may be put right, without losing what was done. Another kind is another step."""
    left = list(steps)
    keep: list[tuple[int, Step]] = []
    for is_same in (_is_meant, _reads_alike):
        for position, content in enumerate(wanted):
            if position in dict(keep):
                continue
            same = next((each for each in left if is_same(each, content)), None)
            if same is not None:
                left.remove(same)
                keep.append((position, same))
    new = [
        Step(assignment=row, position=position, **content.columns())
        for position, content in enumerate(wanted)
        if position not in dict(keep)
    ]
    Step.objects.filter(pk__in=[each.pk for each in left]).delete()
    # Out of the way first: positions are unique at every moment.
    row.steps.update(position=F("position") + OUT_OF_THE_WAY)
    for position, step in keep:
        Step.objects.filter(pk=step.pk).update(position=position, **wanted[position].columns())
    Step.objects.bulk_create(new)


@transaction.atomic
def delete_assignment(*, assignment: Assignment, by: User, now: datetime) -> None:
    """It leaves every page. Raises GoneMeanwhile."""
    row = lock_row(assignment, "change", by)
    row.deleted_at, row.changed_at, row.changed_by = now, now, by
    row.save(update_fields=["deleted_at", "changed_at", "changed_by"])
    news.take_back(kind=GIVEN, about=[row.pk])


@transaction.atomic
def carry_over(
    *, assignment: Assignment, by: User, left: Collection[UUID], due_on: date | None, key: UUID, now: datetime
) -> Given:
    """The same once more with the steps that are ``left``, with all where none is; the old one waits for
    nothing any more. Raises what ``give`` raises."""
    every = list(assignment.steps.order_by("position"))
    steps = [each.content for each in every if each.pk in left] or [each.content for each in every]
    columns: dict[str, Any] = {
        name: getattr(assignment, name) for name in ("title", "about", "description", "target_minutes")
    }
    content = AssignmentContent(due_on=due_on, steps=steps, **columns)
    given = give(key=key, teachings=[assignment.teaching_id], by=by, content=content, now=now)
    if left and given.assignments:
        Assignment.objects.filter(pk=assignment.pk, carried_at=None).update(carried_at=now)
    return given


def move_assignments(*, piece: UUID, into: UUID) -> None:
    """Two pieces became one: what was given for one is for the other. The caller holds the student."""
    Assignment.objects.filter(piece=piece).update(piece=into)
