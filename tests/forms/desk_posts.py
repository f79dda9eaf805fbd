"""What can be sent at the teacher's desk; a part of the table in ``posts``."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.desk import services
from apps.desk.forms import ReplyForm, SnippetForm, SnoozeForm, ThresholdsForm
from apps.desk.models import Snippet
from tests.conftest import Cast

from .scenes import KEY


def student(cast: Cast) -> list[object]:
    return [cast.student.pk]


def put_aside(cast: Cast) -> None:
    services.snooze(student=cast.student, by=cast.user("teacher"), days=7, reason="Ill", now=timezone.now())


def keep_snippet(cast: Cast) -> None:
    services.add_snippet(key=uuid4(), by=cast.user("teacher"), body="Slowly", now=timezone.now())


DESK: list[dict[str, Any]] = [
    {
        "route": "desk:snooze",
        "who": "teacher",
        "arguments": student,
        "fields": lambda cast: {"days": "14", "reason": "On holiday"},
        "forms": (SnoozeForm,),
    },
    {"route": "desk:wake", "who": "teacher", "prepare": put_aside, "arguments": student},
    {
        "route": "desk:reply",
        "who": "teacher",
        "fields": lambda cast: {"key": KEY, "entry": [str(cast.entry.pk)], "body": "Bravo, {name}!"},
        "forms": (ReplyForm,),
    },
    {
        "route": "desk:snippets",
        "who": "teacher",
        "fields": lambda cast: {"key": KEY, "body": "Slowly and softly"},
        "forms": (SnippetForm,),
    },
    {
        "route": "desk:snippet-edit",
        "who": "teacher",
        "prepare": keep_snippet,
        "arguments": lambda cast: [Snippet.objects.get().pk],
        "fields": lambda cast: {"key": KEY, "body": "Slowly and softly"},
        "forms": (SnippetForm,),
    },
    {
        "route": "desk:rules",
        "who": "teacher",
        "fields": lambda cast: {
            "silent_days": "7",
            "expected_days": "4",
            "missed_weeks": "3",
            "points": "30",
            "struggle_times": "0",
            "exam_weeks": "4",
        },
        "forms": (ThresholdsForm,),
    },
]
