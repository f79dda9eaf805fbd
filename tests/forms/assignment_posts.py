"""What can be sent about assignments; a part of the table in ``posts``."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.assignments.forms import CarryForm, EditForm, GiveForm, StepForm, WorkForm
from apps.assignments.models import Assignment, AssignmentCompletion, Step
from apps.safeguarding.forms import ReportForm
from tests.conftest import Cast
from tests.factories.assignments import TEN_TIMES, make_assignment, step_of, work

from .scenes import KEY

Sent = dict[str, Any]


def give(cast: Cast) -> None:
    make_assignment(cast.teaching, "Minuet in G", TEN_TIMES)


def give_and_work(cast: Cast) -> None:
    give(cast)
    work(step_of(Assignment.objects.get()), cast.user("student"), repetitions=3)


def assignment(cast: Cast) -> list[object]:
    return [Assignment.objects.get().pk]


def step(cast: Cast) -> list[object]:
    found = Step.objects.get()
    return [found.assignment_id, found.pk]


def words(cast: Cast) -> Sent:
    due = cast.student.today(timezone.now()) + timedelta(days=5)
    rows = {"steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0"}
    first = {"steps-0-label": "Left hand", "steps-0-kind": "repetitions", "steps-0-goal": "12"}
    content = {
        "title": "Sonatina",
        "about": "Minuet in G",
        "description": "Softly",
        "due_on": due.isoformat(),
        "target_minutes": "15",
    }
    return content | rows | first


ASSIGNMENTS: list[dict[str, Any]] = [
    {
        "route": "assignments:assignment-add",
        "who": "teacher",
        "fields": lambda cast: {"key": KEY, "students": [str(cast.teaching.pk)], **words(cast)},
        "forms": (GiveForm, StepForm),
    },
    {
        "route": "assignments:assignment-edit",
        "who": "teacher",
        "prepare": give,
        "arguments": assignment,
        "fields": lambda cast: {"version": Assignment.objects.get().version, **words(cast)},
        "forms": (EditForm, StepForm),
    },
    {
        "route": "assignments:assignment-carry",
        "who": "teacher",
        "prepare": give,
        "arguments": assignment,
        "fields": lambda cast: {"key": KEY, "due_on": words(cast)["due_on"]},
        "forms": (CarryForm,),
    },
    {
        "route": "assignments:step-work",
        "who": "student",
        "prepare": give,
        "arguments": step,
        "fields": lambda cast: {"key": KEY, "done": "4"},
        "forms": (WorkForm,),
    },
    {
        "route": "assignments:completion-remove",
        "who": "student",
        "prepare": give_and_work,
        "arguments": lambda cast: [AssignmentCompletion.objects.get().pk],
    },
    {
        "route": "assignments:assignment-report",
        "who": "student",
        "prepare": give,
        "arguments": assignment,
        "fields": lambda cast: {"category": "other", "words": "I am worried."},
        "forms": (ReportForm,),
    },
]
