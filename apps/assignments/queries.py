"""Assignments as their readers see them, with how far each step is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from apps.accounts.models import Student, User
from apps.core.access import allowed, with_permission
from apps.core.pages import Page, keyset_page
from apps.private_teaching.models import Teaching

from .models import Assignment, AssignmentCompletion, Step
from .state import Done, Kind, Progress, Target, progress_of

PAGE = 20
# On a first page: of those that are open, the nearest.
MOST_DUE = 5
STEP = ("id", "kind", "label", "amount", "from_bar", "to_bar")
DONE = ("id", "done_on", "repetitions", "tempo", "from_bar", "to_bar", "is_tick")


@dataclass(frozen=True)
class Said:
    """One completion: its key and day, and what was done."""

    pk: UUID
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
    def done_count(self) -> int:
        return sum(1 for step in self.steps if step.progress.is_done)

    def is_late(self, today: date) -> bool:
        return not self.is_done and self.row.due_on is not None and self.row.due_on < today


def with_steps(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Annotate the steps and what was done for each: a page of any length costs one query."""
    return rows.annotate(step_data=_steps())


def _steps() -> ArraySubquery:
    """A column of an assignment, for ``steps_in``."""
    completions = AssignmentCompletion.objects.filter(step=OuterRef("pk")).order_by("created_at", "pk")
    said = ArraySubquery(completions.values(data=JSONObject(**{name: name for name in DONE})))
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
    names = ("repetitions", "tempo", "from_bar", "to_bar", "is_tick")
    done = Done(**{name: data[name] for name in names})
    return Said(UUID(data["id"]), date.fromisoformat(data["done_on"]), done)


@dataclass(frozen=True)
class StudentAssignments:
    page: Page[Assignment]
    found: list[AssignmentNow]
    today: date

    @property
    def open(self) -> list[AssignmentNow]:
        """What is due first, first; without a day last."""
        rows = [each for each in self.found if not each.is_done]
        return sorted(rows, key=lambda each: each.row.due_on or date.max)

    @property
    def done(self) -> list[AssignmentNow]:
        return [each for each in self.found if each.is_done]

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
    rows = Assignment.objects.filter(teaching__student=student).select_related("teaching__teacher")
    seen = with_steps(allowed(rows, "view", reader))
    page = keyset_page(seen, fields=("created_at", "id"), cursor=cursor, size=PAGE)
    return StudentAssignments(page, [now_of(row) for row in page.rows], student.today(now))


def assignment_rows(user: User) -> QuerySet[Assignment]:
    """What the page of one begins with."""
    rows = Assignment.objects.select_related("teaching__student", "teaching__teacher", "added_by")
    return with_permission(with_steps(rows), user, may_change="change")


def teachings_to_assign(user: User) -> list[Teaching]:
    rows = Teaching.objects.select_related("student").order_by("student__name", "instrument", "pk")
    return list(allowed(rows, "assign", user))


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
    """A column of a student, for the family: what was given last, for ``due_in``."""
    mine = Assignment.objects.kept().filter(teaching__student=OuterRef("pk"))
    return ArraySubquery(
        mine.order_by("-created_at", "-pk").values(
            data=JSONObject(id="pk", title="title", due_on="due_on", steps=_steps())
        )[:PAGE]
    )


def due_in(found: Iterable[Mapping[str, Any]]) -> list[DueOne]:
    """From ``given_lately``: those that are not done, what is due first, first."""
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
    return sorted(left, key=lambda each: each.due_on or date.max)[:MOST_DUE]
