"""What can be sent about assignments; a part of the table in ``posts``."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.assignments.challenge_forms import AskMoreForm, ChallengeForm
from apps.assignments.content import TemplateContent
from apps.assignments.forms import CarryForm, EditForm, GiveForm, StepForm, WorkForm
from apps.assignments.library_forms import LibraryGiveForm, TemplateForm
from apps.assignments.models import (
    Assignment,
    AssignmentCompletion,
    Challenge,
    Participation,
    Step,
    Template,
)
from apps.assignments.services import keep_template
from apps.ensembles.models import Ensemble
from apps.lessons.models import Lesson
from apps.private_teaching.models import Teaching
from apps.safeguarding.forms import ReportForm
from tests.conftest import Cast
from tests.factories.assignments import TEN_TIMES, make_assignment, step_of, work
from tests.factories.challenges import make_challenge, pupils
from tests.factories.ensembles import make_ensemble
from tests.factories.lessons import place_lesson

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
    first = {
        "steps-0-step": "",
        "steps-0-label": "Left hand",
        "steps-0-kind": "repetitions",
        "steps-0-goal": "12",
    }
    content = {
        "title": "Sonatina",
        "about": "Minuet in G",
        "description": "Softly",
        "due_on": due.isoformat(),
        "target_minutes": "15",
    }
    return content | rows | first


def of_template(cast: Cast) -> Sent:
    return {name: value for name, value in words(cast).items() if name != "due_on"} | {
        "tags": "Warm-up, Scales"
    }


def keep(cast: Cast) -> None:
    keep_template(
        key=uuid4(), by=cast.user("teacher"), content=TemplateContent(title="Scales"), now=timezone.now()
    )


def play(cast: Cast) -> None:
    make_ensemble(cast.user("teacher"), cast.student)


def teach_and_play(cast: Cast) -> None:
    play(cast)
    place_lesson(cast.teaching, timezone.now())


def keep_and_play(cast: Cast) -> None:
    play(cast)
    keep(cast)


def for_whom(cast: Cast) -> Sent:
    return {"students": [str(cast.teaching.pk)], "groups": [str(Ensemble.objects.get().pk)]}


def dare(cast: Cast) -> None:
    make_challenge(cast.teaching)


def dare_and_play(cast: Cast) -> None:
    """With one who is not asked yet, in an ensemble."""
    dare(cast)
    [(ben, _bens, _lessons)] = pupils(cast.user("teacher"), 1)
    make_ensemble(cast.user("teacher"), ben)


def challenge(cast: Cast) -> list[object]:
    return [Challenge.objects.get().pk]


def participation(cast: Cast) -> list[object]:
    return [Participation.objects.get().pk]


def of_challenge(cast: Cast) -> Sent:
    today = cast.student.today(timezone.now())
    return {
        "key": KEY,
        "title": "Before the holidays",
        "description": "Scales count",
        "aim": "each",
        "target": "12",
        "measure": "days",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=20)).isoformat(),
    }


def who_is_not_asked(cast: Cast) -> Sent:
    left = Teaching.objects.by(cast.user("teacher")).exclude(pk=cast.teaching.pk)
    return {"students": [str(left.get().pk)], "groups": [str(Ensemble.objects.get().pk)]}


CHALLENGES: list[dict[str, Any]] = [
    {
        "route": "assignments:challenge-add",
        "who": "teacher",
        "prepare": play,
        "fields": lambda cast: {**of_challenge(cast), **for_whom(cast)},
        "forms": (ChallengeForm,),
    },
    {
        "route": "assignments:challenge-detail",
        "who": "teacher",
        "prepare": dare_and_play,
        "arguments": challenge,
        "fields": who_is_not_asked,
        "forms": (AskMoreForm,),
    },
    {"route": "assignments:challenge-end", "who": "teacher", "prepare": dare, "arguments": challenge},
    {
        "route": "assignments:participation-answer",
        "who": "guardian",
        "prepare": dare,
        "arguments": participation,
        "fields": lambda cast: {"answer": "yes"},
    },
    {
        "route": "assignments:participation-remove",
        "who": "teacher",
        "prepare": dare,
        "arguments": participation,
    },
    {
        "route": "assignments:participation-report",
        "who": "student",
        "prepare": dare,
        "arguments": participation,
        "fields": lambda cast: {"category": "other", "words": "I am worried."},
        "forms": (ReportForm,),
    },
]
ASSIGNMENTS: list[dict[str, Any]] = [
    {
        "route": "assignments:assignment-add",
        "who": "teacher",
        "prepare": teach_and_play,
        "fields": lambda cast: {
            "key": KEY,
            "lesson": str(Lesson.objects.get(teaching=cast.teaching).pk),
            **for_whom(cast),
            **words(cast),
        },
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
        "route": "assignments:template-add",
        "who": "teacher",
        "fields": lambda cast: {"key": KEY, "version": "", **of_template(cast)},
        "forms": (TemplateForm, StepForm),
    },
    {
        "route": "assignments:template-edit",
        "who": "teacher",
        "prepare": keep,
        "arguments": lambda cast: [Template.objects.get().pk],
        "fields": lambda cast: {"key": str(Template.objects.get().pk), "version": "", **of_template(cast)},
        "forms": (TemplateForm, StepForm),
    },
    {
        "route": "assignments:library-give",
        "who": "teacher",
        "prepare": keep_and_play,
        "fields": lambda cast: {
            "key": KEY,
            "templates": [str(Template.objects.get().pk)],
            **for_whom(cast),
            "due_on": words(cast)["due_on"],
        },
        "forms": (LibraryGiveForm,),
    },
    {
        "route": "assignments:assignment-keep",
        "who": "teacher",
        "prepare": give,
        "arguments": assignment,
        "fields": lambda cast: {"key": KEY},
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
    *CHALLENGES,
]
