"""What can be sent about evidence; a part of the table in ``posts``."""

from typing import Any

from django.utils import timezone

from apps.evidence.forms import LinkEvidenceForm, NoteEvidenceForm, PictureEvidenceForm
from apps.evidence.models import Evidence
from apps.lessons.models import Lesson
from apps.safeguarding.forms import ReportForm
from tests.conftest import Cast
from tests.factories.evidence import make_evidence
from tests.factories.lessons import place_lesson
from tests.factories.photos import photo_file

from .repertoire_posts import skill, write_skill
from .scenes import KEY, entry


def add_evidence(cast: Cast) -> None:
    make_evidence(cast.entry, cast.user("guardian"))


def evidence(cast: Cast) -> list[object]:
    return [Evidence.objects.get().pk]


def teach(cast: Cast) -> None:
    place_lesson(cast.teaching, timezone.now())


def lesson(cast: Cast) -> list[object]:
    return [Lesson.objects.get(teaching=cast.teaching).pk]


# Each as the arguments of a ``Post``.
EVIDENCE: list[dict[str, Any]] = [
    {
        "route": "evidence:entry-add",
        "what": "a note",
        "who": "student",
        "query": "?kind=note",
        "arguments": entry,
        "fields": lambda cast: {"key": KEY, "body": "Slow is smooth"},
        "forms": (NoteEvidenceForm,),
    },
    {
        "route": "evidence:entry-add",
        "what": "a link",
        "who": "guardian",
        "query": "?kind=link",
        "arguments": entry,
        "fields": lambda cast: {"key": KEY, "link": "https://music.example/take", "body": "My first take"},
        "forms": (LinkEvidenceForm,),
    },
    {
        "route": "evidence:entry-add",
        "what": "a picture",
        "who": "guardian",
        "query": "?kind=screenshot",
        "arguments": entry,
        "fields": lambda cast: {"key": KEY, "picture": photo_file(), "body": "The fingering"},
        "forms": (PictureEvidenceForm,),
    },
    {
        "route": "evidence:skill-add",
        "who": "logger",
        "query": "?kind=link",
        "prepare": write_skill,
        "arguments": skill,
        "fields": lambda cast: {"key": KEY, "link": "https://music.example/trills", "body": "How it goes"},
        "forms": (LinkEvidenceForm,),
    },
    {
        "route": "evidence:lesson-add",
        "what": "a link",
        "who": "teacher",
        "query": "?kind=link",
        "prepare": teach,
        "arguments": lesson,
        "fields": lambda cast: {"key": KEY, "link": "https://music.example/scale", "body": "The scale"},
        "forms": (LinkEvidenceForm,),
    },
    {
        "route": "evidence:lesson-add",
        "what": "a picture",
        "who": "teacher",
        "query": "?kind=screenshot",
        "prepare": teach,
        "arguments": lesson,
        "fields": lambda cast: {"key": KEY, "picture": photo_file(), "body": "The board"},
        "forms": (PictureEvidenceForm,),
    },
    {
        "route": "evidence:evidence-delete",
        "who": "student",
        "prepare": add_evidence,
        "arguments": evidence,
    },
    {
        "route": "evidence:evidence-report",
        "who": "teacher",
        "prepare": add_evidence,
        "arguments": evidence,
        "fields": lambda cast: {"category": "other", "words": "I am worried."},
        "forms": (ReportForm,),
    },
]
