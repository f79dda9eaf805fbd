"""What an entry may name, and what an occasion came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum

from apps.accounts.models import Student, User
from apps.core.access import allowed
from apps.gear.models import Gear, GearKind
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Occasion, Piece

# How long after its day an occasion may still be named: who writes things down later is not shut out.
NAMED_AFTER = timedelta(days=31)


def instruments_to_name(student: Student, entry: PracticeEntry | None) -> Sequence[Gear]:
    """What is not put away, and what the entry names already. One query."""
    wanted = Q(kind=GearKind.INSTRUMENT, is_put_away=False)
    if entry is not None and entry.instrument_id is not None:
        wanted |= Q(pk=entry.instrument_id)
    return list(Gear.objects.kept().filter(wanted, student=student).order_by("name", "pk"))


def occasions_to_name(student: Student, today: date, entry: PracticeEntry | None) -> Sequence[Occasion]:
    """What is to come or was lately, and what the entry names already. One query."""
    wanted = Q(held_on__gte=today - NAMED_AFTER)
    if entry is not None and entry.occasion_id is not None:
        wanted |= Q(pk=entry.occasion_id)
    return list(Occasion.objects.kept().filter(wanted, student=student).order_by("held_on", "pk"))


@dataclass(frozen=True, slots=True)
class Progress:
    """What went into an occasion, as far as one reader may see. ``days_left`` is below 0 when it is over."""

    minutes: int
    sessions: int
    days_left: int
    pieces: Sequence[Piece]


def progress_of(occasion: Occasion, user: User, today: date) -> Progress:
    """Two queries: of the entries that this reader may read, and of the pieces that stand."""
    entries = allowed(PracticeEntry.objects.filter(occasion=occasion), "view", user)
    found = entries.aggregate(minutes=Sum("minutes", default=0), sessions=Count("pk"))
    pieces = allowed(occasion.pieces.all(), "view", user).order_by("title_key", "pk")
    return Progress(
        minutes=found["minutes"],
        sessions=found["sessions"],
        days_left=(occasion.held_on - today).days,
        pieces=list(pieces),
    )
