"""What a session of the diary was for."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.accounts.models import User
from apps.assignments.content import WorkContent
from apps.assignments.models import Assignment, AssignmentCompletion, Step
from apps.core.access import allowed
from apps.practice.models import PracticeEntry
from apps.practice.services import AnswerIsOvertaken

from .working import NothingWasDone, work_columns


@dataclass(frozen=True)
class Picked:
    """``done`` says how much, by step; of the other steps that were ``shown`` nothing was done."""

    done: Mapping[UUID, WorkContent]
    shown: Set[UUID]

    @property
    def says_something(self) -> bool:
        return bool(self.done)

    def is_said(self, entry: PracticeEntry) -> bool:
        rows = AssignmentCompletion.objects.filter(entry=entry, step__in=self.shown).select_related("step")
        return {row.step_id: _content(row) for row in rows} == self.done

    def write(self, entry: PracticeEntry, by: User, now: datetime) -> None:
        """Raises AnswerIsOvertaken when a step is not there any more, or not for this writer, or another."""
        if not self.shown or self.is_said(entry):
            return
        AssignmentCompletion.objects.filter(entry=entry, step__in=self.shown).delete()
        mine = allowed(Assignment.objects.filter(teaching__student=entry.student_id), "work", by)
        steps = list(Step.objects.filter(pk__in=self.done, assignment__in=mine.values("pk")))
        if len(steps) < len(self.done):
            raise AnswerIsOvertaken
        try:
            rows = [(step, work_columns(step, self.done[step.pk])) for step in steps]
        except NothingWasDone as error:
            raise AnswerIsOvertaken from error
        AssignmentCompletion.objects.bulk_create(
            AssignmentCompletion(step=step, entry=entry, done_by=by, created_at=now, **columns)
            for step, columns in rows
        )


def _content(row: AssignmentCompletion) -> WorkContent:
    return WorkContent(repetitions=row.repetitions, tempo=row.tempo, from_bar=row.from_bar, to_bar=row.to_bar)
