"""Challenges as their teacher sets them, and families that take part."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import Student, User
from apps.assignments import services
from apps.assignments.challenge_queries import (
    FamilysChallenge,
    Standing,
    asked_in,
    asked_of,
    counted,
    parts_for,
    pupils_in,
)
from apps.assignments.content import ChallengeContent
from apps.assignments.models import Challenge, Participation
from apps.private_teaching.models import Teaching

from .ensembles import make_pupil


def content(today: date, **fields: Any) -> ChallengeContent:
    """From today for a week: together ten sessions."""
    usual: dict[str, Any] = {
        "title": "Ten before Sunday",
        "aim": "together",
        "measure": "sessions",
        "target": 10,
        "starts_on": today,
        "ends_on": today + timedelta(days=6),
    }
    return ChallengeContent(**usual | fields)


def make_challenge(*teachings: Teaching, now: datetime | None = None, **fields: Any) -> Challenge:
    """The families are asked, and have not answered."""
    now = now or timezone.now()
    row, _left_out = services.set_challenge(
        key=uuid4(),
        teachings=[each.pk for each in teachings],
        by=teachings[0].teacher,
        content=content(teachings[0].student.today(now), **fields),
        now=now,
    )
    return row


def place_challenge(teacher: User, today: date, **fields: Any) -> Challenge:
    """A row as it may stand there from another time."""
    usual = vars(content(today)) | {"created_at": timezone.now()}
    return Challenge.objects.create(teacher=teacher, **usual | fields)


def place_participation(challenge: Challenge, teaching: Teaching, by: User | None = None) -> Participation:
    """Asked; in, if somebody says so, whether they may or not."""
    said = {"is_in": True, "answered_at": timezone.now(), "answered_by": by} if by else {}
    return Participation.objects.create(
        challenge=challenge, teaching=teaching, asked_at=timezone.now(), **said
    )


def asked(challenge: Challenge, student: Student) -> Participation:
    rows = Participation.objects.select_related("teaching__student", "challenge")
    return rows.get(challenge=challenge, teaching__student=student)


def join(challenge: Challenge, student: Student, by: User) -> Participation:
    row = asked(challenge, student)
    services.answer_challenge(participation=row, is_in=True, by=by, now=timezone.now())
    return asked(challenge, student)


def pupils(teacher: User, count: int) -> list[tuple[Student, User, Teaching]]:
    """So many children of their own families, with a guardian each."""
    found = []
    for number in range(count):
        student, guardian = make_pupil(teacher, f"Pupil {number}")
        found.append((student, guardian, Teaching.objects.get(teacher=teacher, student=student)))
    return found


def seen_by_family(student: Student) -> list[FamilysChallenge]:
    """What the page of the family's shows, in its order."""
    row = Student.objects.annotate(asked=asked_in(with_past=True)).get(pk=student.pk)
    rows = asked_of(vars(row)["asked"])
    return counted(rows, parts_for(rows), student.today(timezone.now()))


def far(challenge: Challenge) -> Standing:
    """How far it is, to its teacher."""
    return pupils_in(Challenge.objects.get(pk=challenge.pk))[0]
