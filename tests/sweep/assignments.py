"""What was given in the sweep's world: open, with bars, deleted; by lessons that pause and that ended."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import User
from apps.assignments.models import (
    Assignment,
    AssignmentCompletion,
    Challenge,
    Participation,
    Step,
    Template,
    TemplateStep,
)
from apps.assignments.state import Kind
from apps.private_teaching.models import Teaching
from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.assignments import place_assignment
from tests.factories.challenges import place_challenge, place_participation
from tests.relations import is_family

Kinds = dict[tuple[str, ...], dict[str, dict[str, str]]]


def readers_of(assignment: Assignment) -> tap.Readers:
    """The family, also afterwards; its own teacher, while the lessons last."""

    def readers(user: User | None, path: str) -> bool:
        if user is None or tap.is_office(user, path):
            return user is not None
        now, teaching = timezone.now(), Teaching.objects.get(pk=assignment.teaching_id)
        lasts = teaching.ended_at is None and (teaching.paused_at is None or teaching.paused_at > now)
        own = lasts and user.pk == teaching.teacher_id
        return assignment.deleted_at is None and (own or is_family(user, teaching.student))

    return readers


def assignments_of(cast: Cast, teachings: Mapping[str, Teaching], now: datetime) -> Kinds:
    """Each with words of its own in its title, its description and its step, which the student ticked."""
    wanted: dict[str, tuple[str, dict[str, Any]]] = {
        "open": ("first", {"due_on": cast.student.today(now)}),
        "bars": ("first", {}),
        "gone": ("first", {"deleted_at": now}),
        "paused": ("paused", {}),
        "ended": ("ended", {}),
        "foreign": ("foreign", {}),
    }
    absent = str(uuid4())
    found: Kinds = {
        ("assignment",): {"absent": {"assignment": absent}},
        ("assignment", "step"): {"absent": {"assignment": absent, "step": absent}},
        ("completion",): {"absent": {"completion": absent}},
    }
    for name, (whose, fields) in wanted.items():
        words = {"title": f"Minuet Qzas{name}title", "description": f"Slowly Qzas{name}how"}
        row = place_assignment(teachings[whose], label=f"By heart Qzas{name}step", **words, **fields)
        step = row.steps.get()
        done = AssignmentCompletion.objects.create(
            step=step,
            done_by=cast.user("student"),
            done_on=cast.student.today(now),
            is_tick=True,
            created_at=now,
        )
        if name == "bars":
            Step.objects.create(assignment=row, position=1, kind=Kind.BARS, from_bar=9, to_bar=16)
        for word in ("title", "how", "step"):
            cast.canaries.plant(f"{word} of the {name} assignment", f"Qzas{name}{word}", readers_of(row))
        found["assignment",][name] = {"assignment": str(row.pk)}
        found["assignment", "step"][name] = {"assignment": str(row.pk), "step": str(step.pk)}
        found["completion",][name] = {"completion": str(done.pk)}
    return found


def templates_of(cast: Cast, now: datetime) -> dict[str, str]:
    """One of each of two teachers, with a step and a tag."""
    found = {}
    for name, who in (("own", "teacher"), ("foreign", "other_teacher")):
        owner, word = cast.user(who), f"Qzas{name}template"
        row = Template.objects.create(
            owner=owner, title=f"Scales {word}", tags=[f"{word}tag"], created_at=now
        )
        TemplateStep.objects.create(template=row, position=0, kind=Kind.TICK, label=f"Slowly {word}step")
        for each in (word, f"{word}tag", f"{word}step"):
            cast.canaries.plant(f"{each} in the library", each, tap.owner_alone(owner))
        found[name] = str(row.pk)
    return found


def challenge_readers(challenge: Challenge) -> tap.Readers:
    """Its teacher; the families that are asked while their lessons last, or whose child took part."""

    def readers(user: User | None, path: str) -> bool:
        if user is None or tap.is_office(user, path):
            return user is not None
        if challenge.ended_at is not None:
            return False
        now = timezone.now()
        for part in Participation.objects.filter(challenge=challenge).select_related("teaching__student"):
            teaching = part.teaching
            lasts = teaching.ended_at is None and (teaching.paused_at is None or teaching.paused_at > now)
            took_part = challenge.closed_at is not None and part.is_in
            if (lasts or took_part) and is_family(user, teaching.student):
                return True
        return user.pk == challenge.teacher_id

    return readers


def challenges_of(cast: Cast, teachings: Mapping[str, Teaching], now: datetime) -> Kinds:
    """One that runs, one taken back, one that is over, each of Mia's; one that she is asked by lessons that
    pause; one of Noah's teacher."""
    today = cast.student.today(now)
    past = {"starts_on": today - timedelta(days=20), "ends_on": today - timedelta(days=10)}
    wanted: dict[str, tuple[str, str | None, dict[str, Any]]] = {
        "runs": ("first", "guardian", {}),
        "over": ("ended", "guardian", {"closed_at": now, "result": 3, "people": 1, **past}),
        "gone": ("first", "guardian", {"ended_at": now}),
        "paused": ("paused", None, {}),
        "foreign": ("foreign", "other_guardian", {}),
    }
    found: Kinds = {
        ("challenge",): {"absent": {"challenge": str(uuid4())}},
        ("participation",): {"absent": {"participation": str(uuid4())}},
    }
    for name, (whose, by, fields) in wanted.items():
        teaching, words = teachings[whose], {"title": f"Hundred Qz{name}dare", "description": f"Qz{name}why"}
        row = place_challenge(teaching.teacher, today, **words, **fields)
        part = place_participation(row, teaching, cast.user(by) if by else None)
        for word in ("dare", "why"):
            cast.canaries.plant(f"{word} of the challenge {name}", f"Qz{name}{word}", challenge_readers(row))
        found["challenge",][name] = {"challenge": str(row.pk)}
        found["participation",][name] = {"participation": str(part.pk)}
    return found
