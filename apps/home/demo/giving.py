"""What the pupils of the demo are given to practise, and what was done for it, through the services."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from apps.accounts.models import User
from apps.assignments.content import AssignmentContent, ChallengeContent, StepContent, WorkContent
from apps.assignments.models import Aim, Measure, Participation, Step
from apps.assignments.services import answer_challenge, give, set_challenge, work_on
from apps.assignments.state import Kind
from apps.core.access import allowed
from apps.core.days import calendar_day
from apps.private_teaching.models import Teaching

SCALE = AssignmentContent(
    title="The scale, hands together",
    description="Slowly enough that nothing stops. Then one notch faster.",
    steps=(
        StepContent(kind=Kind.REPETITIONS, label="Without stopping", amount=10),
        StepContent(kind=Kind.TEMPO, label="In quavers", amount=96),
    ),
)
PIECE = AssignmentContent(
    title="The new piece",
    steps=(
        StepContent(kind=Kind.BARS, label="Left hand alone", from_bar=1, to_bar=16),
        StepContent(label="Sing the tune once"),
    ),
)
DONE = (WorkContent(repetitions=6), WorkContent(tempo=84))


def assign(teachings: Iterable[Teaching], *, now: datetime) -> None:
    """Two for each, due in a week; the first is half done."""
    for teaching in teachings:
        if teaching.ended_at is None and teaching.student.collecting:
            _assign(teaching, now)


def dare(teacher: User, guardian: User, *, now: datetime) -> None:
    """A hundred sessions together in three weeks; one guardian has said yes, the other families are asked."""
    mine = Teaching.objects.current().by(teacher).order_by("started_at", "pk")
    today = calendar_day(now, teacher.time_zone)
    row, _left_out = set_challenge(
        key=uuid5(NAMESPACE_URL, f"woodshed-demo/challenge/{teacher.pk}"),
        teachings=list(mine.values_list("pk", flat=True)),
        by=teacher,
        content=ChallengeContent(
            title="A hundred before the holidays",
            description="Every session counts, however short. When we get there, there is a small concert.",
            aim=Aim.TOGETHER.value,
            measure=Measure.SESSIONS.value,
            target=100,
            starts_on=today - timedelta(days=7),
            ends_on=today + timedelta(days=14),
        ),
        now=now,
    )
    asked = Participation.objects.filter(challenge=row).select_related("teaching__student")
    for part in allowed(asked, "join", guardian):
        answer_challenge(participation=part, is_in=True, by=guardian, now=now)


def _assign(teaching: Teaching, now: datetime) -> None:
    due_on = teaching.student.today(now) + timedelta(days=6)
    for content in (SCALE, PIECE):
        key = uuid5(NAMESPACE_URL, f"woodshed-demo/assignment/{teaching.pk}/{content.title}")
        dated = AssignmentContent(
            title=content.title, description=content.description, steps=content.steps, due_on=due_on
        )
        [row] = give(
            key=key, teachings=[teaching.pk], by=teaching.teacher, content=dated, now=now
        ).assignments
        if content is SCALE:
            for step, done in zip(
                Step.objects.filter(assignment=row).order_by("position"), DONE, strict=True
            ):
                work_on(
                    key=uuid5(key, str(step.position)), step=step, by=teaching.teacher, content=done, now=now
                )
