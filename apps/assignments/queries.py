"""Assignments as their readers see them, with how far each step is."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.prepared import ForReader
from apps.core.access import allowed, with_permission
from apps.core.pages import Page, first_page, keyset_page
from apps.lessons.models import Lesson
from apps.practice.models import PracticeEntry
from apps.practice.queries.things import things_in, things_to_name
from apps.private_teaching.models import Teaching

from .content import StepContent
from .models import Assignment, AssignmentCompletion, Step
from .state import Done, Kind, Progress, Target, progress_of

PAGE = 20
ORDER = ("created_at", "id")
# On a first page: of those that are open, the nearest.
MOST_DUE = 5
# Of those that were given last, so many are asked whether they are open.
LATELY = 40
# In the form of a session.
MOST_PICKED = 8
STEP = ("id", "kind", "label", "amount", "from_bar", "to_bar")
DONE = ("repetitions", "tempo", "from_bar", "to_bar", "is_tick")


@dataclass(frozen=True)
class Said:
    """One completion: its key, its session if it has one, its day, and what was done."""

    pk: UUID
    entry: UUID | None
    done_on: date
    done: Done


@dataclass(frozen=True)
class StepNow:
    pk: UUID
    label: str
    target: Target
    progress: Progress
    said: list[Said]


@dataclass(frozen=True)
class AssignmentNow:
    """An assignment with its steps as they are now; done when all of them are."""

    row: Assignment
    steps: list[StepNow]

    @property
    def is_done(self) -> bool:
        return all(step.progress.is_done for step in self.steps)

    @property
    def is_over(self) -> bool:
        """Done, or carried on by another one."""
        return self.is_done or self.row.carried_at is not None

    @property
    def contents(self) -> list[StepContent]:
        """What its steps ask for."""
        return [StepContent(label=step.label, key=step.pk, **asdict(step.target)) for step in self.steps]

    @property
    def done_count(self) -> int:
        return sum(1 for step in self.steps if step.progress.is_done)

    def is_late(self, today: date) -> bool:
        return not self.is_over and self.row.due_on is not None and self.row.due_on < today


def with_steps(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Annotate the steps and what was done for each: a page of any length costs one query."""
    return rows.annotate(step_data=_steps())


def _steps() -> ArraySubquery:
    """A column of an assignment, for ``steps_in``."""
    completions = AssignmentCompletion.objects.counting().filter(step=OuterRef("pk"))
    day = Coalesce("entry__practised_on", "done_on")
    data = JSONObject(id="id", entry="entry", day=day, **{name: name for name in DONE})
    said = ArraySubquery(completions.order_by("created_at", "pk").values(data=data))
    steps = Step.objects.filter(assignment=OuterRef("pk")).order_by("position")
    return ArraySubquery(steps.values(data=JSONObject(**{name: name for name in STEP}, said=said)))


def now_of(row: Assignment) -> AssignmentNow:
    """From ``with_steps``."""
    return AssignmentNow(row, steps_in(vars(row)["step_data"]))


def steps_in(data: Iterable[Mapping[str, Any]]) -> list[StepNow]:
    return [_step(each) for each in data]


def _step(data: Mapping[str, Any]) -> StepNow:
    target = Target(
        kind=Kind(data["kind"]), amount=data["amount"], from_bar=data["from_bar"], to_bar=data["to_bar"]
    )
    said = [_said(each) for each in data["said"]]
    progress = progress_of(target, (each.done for each in said))
    return StepNow(UUID(data["id"]), data["label"], target, progress, said)


def _said(data: Mapping[str, Any]) -> Said:
    done = Done(**{name: data[name] for name in DONE})
    entry = UUID(data["entry"]) if data["entry"] else None
    return Said(UUID(data["id"]), entry, date.fromisoformat(data["day"]), done)


@dataclass(frozen=True)
class StudentAssignments:
    page: Page[Assignment]
    found: list[AssignmentNow]
    today: date

    @property
    def open(self) -> list[AssignmentNow]:
        """What is due first, first; without a day last."""
        rows = [each for each in self.found if not each.is_over]
        return sorted(rows, key=lambda each: each.row.due_on or date.max)

    @property
    def done(self) -> list[AssignmentNow]:
        return [each for each in self.found if each.is_over]

    @property
    def newer_url(self) -> str | None:
        return f"?page={self.page.newer}" if self.page.newer else None

    @property
    def older_url(self) -> str | None:
        return f"?page={self.page.older}" if self.page.older else None


def assignments_of(
    reader: User, student: Student, cursor: str | None, *, now: datetime
) -> StudentAssignments:
    """A page of what was given, the newest first. One query."""
    if cursor:
        rows = _build_given(reader, student.pk)
        page = keyset_page(rows, fields=ORDER, cursor=cursor, size=PAGE)
    else:
        page = first_page(_newest(reader, student=student.pk), fields=ORDER, size=PAGE)
    return StudentAssignments(page, [now_of(row) for row in page.rows], student.today(now))


def _build_given(reader: User, student: UUID) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(teaching__student=student).select_related("teaching__teacher")
    return with_steps(allowed(rows, "view", reader))


def _build_newest(reader: User, student: UUID) -> QuerySet[Assignment]:
    newest_first = [f"-{name}" for name in ORDER]
    return _build_given(reader, student).order_by(*newest_first)[: PAGE + 1]


_newest = ForReader(_build_newest, student=UUID)


def to_pick(
    user: User, student: Student, *, named: Collection[UUID], about: UUID | None, entry: PracticeEntry | None
) -> list[tuple[AssignmentNow, dict[UUID, Done]]]:
    """What a session can be for, with what ``entry`` was for already, by step. One query.

    Of the last that teachers of today gave those that are open, what is due next, first; then those that
    have one of the ``named`` steps, that the entry was for, or that this is ``about``.
    """
    rows = allowed(Assignment.objects.filter(teaching__student=student), "work", user)
    own = AssignmentCompletion.objects.filter(entry=entry) if entry else AssignmentCompletion.objects.none()
    current = Teaching.objects.current().values("pk")
    lately = rows.filter(teaching__in=current).order_by("-created_at", "-pk").values("pk")[:LATELY]
    asked = Step.objects.filter(pk__in=named).values("assignment")
    wanted = Q(pk=about) | Q(pk__in=lately) | Q(pk__in=asked) | Q(pk__in=own.values("step__assignment"))
    mine = own.filter(step__assignment=OuterRef("pk")).values(
        data=JSONObject(step="step", **{name: name for name in DONE})
    )
    seen = with_steps(rows.filter(wanted)).annotate(mine=ArraySubquery(mine))
    today = student.today(timezone.now())
    rows_now = sorted(seen.order_by("created_at", "pk"), key=lambda row: _nearness(row.due_on, today))
    found = [(now_of(row), _own(row)) for row in rows_now]
    chosen = {now.row.pk for now, own in found if own or any(step.pk in named for step in now.steps)}
    open_ones = [now.row.pk for now, _done in found if not now.is_over]
    chosen.update(open_ones[:MOST_PICKED])
    return [(now, own) for now, own in found if now.row.pk in chosen or now.row.pk == about]


def _own(row: Assignment) -> dict[UUID, Done]:
    return {
        UUID(each["step"]): Done(**{name: each[name] for name in DONE}) for each in vars(row)["mine"] or ()
    }


def given_in(user: User, lesson: Lesson) -> list[AssignmentNow]:
    """One query."""
    rows = allowed(Assignment.objects.filter(lesson=lesson), "view", user)
    return [now_of(row) for row in with_steps(rows).order_by("created_at", "pk")]


def done_in(user: User, entry: PracticeEntry) -> list[tuple[Assignment, StepNow]]:
    """What a session was for, with that alone as what was said. One query."""
    mine = allowed(Assignment.objects.all(), "view", user)
    rows = AssignmentCompletion.objects.filter(entry=entry, step__assignment__in=mine.values("pk"))
    found = rows.select_related("step__assignment").order_by("step__assignment__title", "step__position")
    return [(row.step.assignment, _only(row, entry)) for row in found]


def _only(row: AssignmentCompletion, entry: PracticeEntry) -> StepNow:
    step, said = row.step, Said(row.pk, entry.pk, entry.practised_on, row.done)
    return StepNow(step.pk, step.label, step.target, progress_of(step.target, [row.done]), [said])


def assignment_rows(user: User) -> QuerySet[Assignment]:
    """What the page of one begins with."""
    rows = Assignment.objects.select_related(
        "teaching__student", "teaching__teacher", "added_by", "lesson", "piece", "section", "skill"
    )
    return with_permission(with_steps(rows), user, may_change="change")


def teachings_to_assign(user: User) -> list[Teaching]:
    rows = Teaching.objects.select_related("student").order_by("student__name", "instrument", "pk")
    return list(allowed(rows, "assign", user))


def names_to_offer(user: User, teaching: UUID) -> list[str]:
    """What the student of this teaching has, for a field that offers names. One query."""
    mine = allowed(Teaching.objects.filter(pk=teaching), "assign", user)
    row = Student.objects.filter(pk__in=mine.values("student")).annotate(**things_to_name()).first()
    return things_in(vars(row)).offered if row else []


@dataclass(frozen=True, slots=True)
class DueOne:
    """As much of an open assignment as the first pages say."""

    pk: UUID
    title: str
    due_on: date | None
    steps: list[StepNow]

    @property
    def done_count(self) -> int:
        return sum(1 for step in self.steps if step.progress.is_done)


def given_lately() -> ArraySubquery:
    """A column of a student, for the family: what teachers of today gave last, for ``due_in``."""
    current = Teaching.objects.current().values("pk")
    mine = Assignment.objects.kept().filter(
        teaching__student=OuterRef("pk"), teaching__in=current, carried_at__isnull=True
    )
    return ArraySubquery(
        mine.order_by("-created_at", "-pk").values(
            data=JSONObject(id="pk", title="title", due_on="due_on", steps=_steps())
        )[:LATELY]
    )


def due_in(found: Iterable[Mapping[str, Any]], today: date) -> list[DueOne]:
    """From ``given_lately``: those that are not done. What is due next, first; then what has no day; then
    what is late, the latest first: what is long over does not hide what is to be done now."""
    rows = [
        DueOne(
            UUID(each["id"]),
            each["title"],
            date.fromisoformat(each["due_on"]) if each["due_on"] else None,
            steps_in(each["steps"]),
        )
        for each in found
    ]
    left = [each for each in rows if each.done_count < len(each.steps)]
    return sorted(left, key=lambda each: _nearness(each.due_on, today))[:MOST_DUE]


def _nearness(due_on: date | None, today: date) -> tuple[int, int]:
    if due_on is None:
        return 1, 0
    return (0, (due_on - today).days) if due_on >= today else (2, (today - due_on).days)
