"""How far back a filtered history is looked through at once: so far that the longest diary costs what a long
one does. The days on which something can fit are known without looking at entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Max, Min, Q, QuerySet, RowRange, Sum, Window

from apps.practice.models import PracticeDay, PracticeEntry, ThingDay
from apps.practice.permissions import audience_as

from .filters import CONDITIONS, Filters
from .people import DiaryHead
from .words import sought_words

# Sessions that are looked at, and never less than a day: nearly three years for who practises daily.
MOST_LOOKED_AT = 1000
# What a part of a day can be asked as an entry can, and what it knows as a sum.
OF_A_DAY = ("teacher", "instrument", "private", "since", "until")
SUMMED = {"exam": Q(exam_minutes__gt=0), "performance": Q(performance_minutes__gt=0)}


@dataclass(frozen=True)
class Reach:
    """The days that are looked at, the first and the last; ``only``: not those between them that cannot hold
    what is asked for. Without any nothing fits. ``is_cut``: there are older ones."""

    first: date | None
    last: date | None
    only: Sequence[date] | None
    is_cut: bool

    def of(self, entries: QuerySet[PracticeEntry]) -> QuerySet[PracticeEntry]:
        if self.first is None or self.last is None:
            return entries.none()
        if self.only is not None:
            return entries.filter(practised_on__in=self.only)
        return entries.filter(practised_on__gte=self.first, practised_on__lte=self.last)


def reach_of(head: DiaryHead, filters: Filters, *, until: date | None = None) -> Reach:
    """The newest days on which something can fit, on ``until`` or before it. One query, which costs days."""
    days = _days(head, filters)
    if until is not None:
        days = days.filter(practised_on__lte=until)
    so_far = Window(Sum("sessions"), order_by=F("practised_on").desc(), frame=RowRange(start=None, end=0))
    near = Q(so_far__lte=MOST_LOOKED_AT) | Q(so_far=F("sessions"))
    found = days.annotate(so_far=so_far).aggregate(
        first=Min("practised_on", filter=near),
        last=Max("practised_on"),
        oldest=Min("practised_on"),
        **({"only": ArrayAgg("practised_on", filter=near, distinct=True)} if _are_some(filters) else {}),
    )
    is_cut = found["oldest"] != found["first"]
    return Reach(found["first"], found["last"], found.get("only"), is_cut)


def _are_some(filters: Filters) -> bool:
    """Whether days are left out that lie between others."""
    return bool({"piece", "skill", "teacher", "instrument", "private", *SUMMED} & set(filters.active))


def _days(head: DiaryHead, filters: Filters) -> QuerySet[PracticeDay]:
    """The parts of the days of which this reader may know, as far as they can hold what is asked for."""
    if filters.q and not sought_words(filters.q):
        return PracticeDay.objects.none()
    readable = audience_as(head.role, head.own_teachings)
    asked = [CONDITIONS[name](getattr(filters, name)) for name in filters.active if name in OF_A_DAY]
    asked += [SUMMED[name] for name in filters.active if name in SUMMED]
    for name in ("piece", "skill"):
        if thing := getattr(filters, name):
            days = ThingDay.objects.filter(readable, **{name: thing}).values("practised_on")
            asked.append(Q(practised_on__in=days))
    return PracticeDay.objects.filter(readable, *asked, student=head.student)
