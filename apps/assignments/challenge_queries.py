"""How far challenges are: for their teacher pupil by pupil, for a family its own part and what all did."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import JSONObject, Now

from apps.accounts.models import User
from apps.core.access import allowed
from apps.practice.models import PracticeDay

from .models import Aim, Challenge, Measure, Participation, taken_part

# Of fewer who take part, the sum would tell each of them what the others did.
FEW = 5
QUARTERS = 4
SHOWN = (
    "id",
    "title",
    "description",
    "aim",
    "measure",
    "target",
    "starts_on",
    "ends_on",
    "result",
    "people",
    "closed_at",
)


@dataclass(frozen=True)
class Part:
    """What one pupil's diary counts for a challenge, as far as its teacher may read it."""

    participation: UUID
    done: int


@dataclass(frozen=True)
class Standing:
    """How far a challenge is: of a common aim ``reached`` is what all did, else how many got there.

    ``size`` is what is to be reached.
    """

    reached: int
    size: int
    people: int

    @property
    def is_reached(self) -> bool:
        return self.people > 0 and self.reached >= self.size

    @property
    def is_few(self) -> bool:
        """So few that their families are told quarters of a sum, and of other aims nothing."""
        return self.people < FEW

    @property
    def quarters(self) -> int:
        return min(QUARTERS * self.reached // self.size, QUARTERS) if self.size else 0


def _done() -> Subquery:
    """A column of a participation: sessions, minutes and days that its challenge counts."""
    days = PracticeDay.objects.filter(
        Q(addressed_to__isnull=True) | Q(addressed_to=OuterRef("teaching")),
        student=OuterRef("teaching__student"),
        is_private=False,
        practised_on__range=(OuterRef("challenge__starts_on"), OuterRef("challenge__ends_on")),
    )
    sums = {
        Measure.SESSIONS.value: Sum("sessions"),
        Measure.MINUTES.value: Sum("minutes"),
        Measure.DAYS.value: Count("practised_on", distinct=True),
    }
    return Subquery(days.order_by().values("student").annotate(found=JSONObject(**sums)).values("found"))


def parts_of(challenges: Collection[UUID]) -> dict[UUID, list[Part]]:
    """Of everybody who takes part, by challenge. One query; none without a challenge."""
    found: dict[UUID, list[Part]] = defaultdict(list)
    if not challenges:
        return found
    rows = Participation.objects.live().filter(challenge__in=challenges).annotate(done=_done())
    for key, challenge, measure, done in rows.values_list("pk", "challenge", "challenge__measure", "done"):
        found[challenge].append(Part(key, done[measure] if done else 0))
    return found


def standing_of(challenge: Challenge, parts: Sequence[Part]) -> Standing:
    """From the diaries; or as it was written down when it was over."""
    is_common = challenge.aim == Aim.TOGETHER
    people = len(parts) if challenge.people is None else challenge.people
    if challenge.result is not None:
        reached = challenge.result
    elif is_common:
        reached = sum(part.done for part in parts)
    else:
        reached = sum(1 for part in parts if part.done >= challenge.target)
    return Standing(reached, challenge.target if is_common else people, people)


@dataclass(frozen=True)
class TeachersChallenge:
    row: Challenge
    standing: Standing


def challenges_of(teacher: User) -> list[TeachersChallenge]:
    """What ends last, first. Two queries."""
    rows = list(allowed(Challenge.objects.all(), "view", teacher).order_by("-ends_on", "-created_at", "pk"))
    parts = parts_of([row.pk for row in rows if row.closed_at is None])
    return [TeachersChallenge(row, standing_of(row, parts[row.pk])) for row in rows]


@dataclass(frozen=True)
class Pupil:
    """One who was asked; ``done`` is nothing for who is not in, or not at the moment."""

    participation: UUID
    student: UUID
    name: str
    done: int | None


def pupils_in(challenge: Challenge) -> tuple[Standing, list[Pupil]]:
    """By name: who does most is for nobody to see. Two queries."""
    parts = parts_of([challenge.pk])[challenge.pk]
    done = {part.participation: part.done for part in parts}
    rows = Participation.objects.there().filter(challenge=challenge)
    columns = ("pk", "teaching__student", "teaching__student__name")
    named = rows.order_by("teaching__student__name", "pk").values_list(*columns)
    pupils = [Pupil(key, student, name, done.get(key)) for key, student, name in named]
    return standing_of(challenge, parts), pupils


@dataclass(frozen=True)
class Asked:
    """A challenge that a family is asked about, or that its child is in, as ``asked_in`` tells it."""

    participation: UUID
    row: Challenge
    teacher: str
    said_yes: bool
    is_answered: bool


@dataclass(frozen=True)
class FamilysChallenge:
    """The same, counted: ``mine`` is what the child did for it, nothing for who is not in at the moment."""

    asked: Asked
    standing: Standing
    mine: int | None
    today: date

    @property
    def row(self) -> Challenge:
        return self.asked.row

    @property
    def is_in(self) -> bool:
        return self.mine is not None

    @property
    def is_over(self) -> bool:
        return self.row.closed_at is not None or self.row.ends_on < self.today

    @property
    def is_to_come(self) -> bool:
        return self.row.starts_on > self.today

    @property
    def is_open(self) -> bool:
        """Whether somebody may still say yes."""
        return not self.is_in and not self.is_over

    @property
    def is_mine_reached(self) -> bool:
        return self.mine is not None and self.mine >= self.row.target


def asked_in(*, with_past: bool = False) -> ArraySubquery:
    """A column of a student, for the family: what runs or is to come, for ``asked_of``.

    With the past: what the child took part in, too, also when the lessons are over.
    """
    seen = Participation.objects.there().filter(challenge__closed_at__isnull=True)
    wanted = Q(pk__in=seen.values("pk"))
    if with_past:
        wanted |= taken_part()
    else:
        # A day that is over here may be today elsewhere.
        wanted &= Q(challenge__ends_on__gte=Now() - timedelta(days=2))
    rows = Participation.objects.filter(wanted, teaching__student=OuterRef("pk"))
    data = JSONObject(
        participation="pk",
        said_yes="is_in",
        answered="answered_at",
        teacher="challenge__teacher__display_name",
        **{name: f"challenge__{name}" for name in SHOWN},
    )
    return ArraySubquery(rows.order_by("challenge__ends_on", "pk").values(data=data))


def asked_of(found: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """From ``asked_in``."""
    return [_asked(each) for each in found]


def _asked(data: Mapping[str, Any]) -> Asked:
    said = {name: data[name] for name in SHOWN if name != "id"}
    said |= {name: date.fromisoformat(data[name]) for name in ("starts_on", "ends_on")}
    row = Challenge(pk=UUID(data["id"]), **said)
    return Asked(
        UUID(data["participation"]),
        row,
        data["teacher"],
        said_yes=data["said_yes"],
        is_answered=data["answered"] is not None,
    )


def parts_for(asked: Iterable[Asked]) -> dict[UUID, list[Part]]:
    """How far these are, of several children at once. One query; none where nobody is asked anything."""
    return parts_of({each.row.pk for each in asked})


def counted(asked: Iterable[Asked], parts: Mapping[UUID, list[Part]], today: date) -> list[FamilysChallenge]:
    """What ends first, first."""
    found = []
    for each in asked:
        known = parts.get(each.row.pk, [])
        mine = next((part.done for part in known if part.participation == each.participation), None)
        found.append(FamilysChallenge(each, standing_of(each.row, known), mine, today))
    return found


def on_first_page(
    asked: Iterable[Asked], parts: Mapping[UUID, list[Part]], today: date
) -> list[FamilysChallenge]:
    """What the child is in, and what nobody has answered yet."""
    found = counted(asked, parts, today)
    return [each for each in found if not each.is_over and (each.is_in or not each.asked.is_answered)]
