"""What the rules of triage ask of each pupil, as columns of one statement: forty pupils cost what one costs.

Each holds only what the reader may read, so that no reason betrays a private time.
"""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from apps.accounts.models import User
from apps.core.access import allowed
from apps.desk.models import Snooze, TriageSettings
from apps.practice.models import PracticeEntry, PracticeItem
from apps.practice.queries import newest_first
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Occasion
from apps.repertoire.models.occasions import OccasionKind

from .thresholds import NAMES

# More exams of one pupil, or more times that were hard, change no reason.
MOST_EXAMS = 10
MOST_SESSIONS = 60


def with_figures(teachings: QuerySet[Teaching], teacher: User, *, since: date) -> QuerySet[Teaching]:
    """``since``: a day, no later than the first one that counts in any zone."""
    settings = allowed(TriageSettings.objects.all(), "view", teacher)
    snoozes = allowed(Snooze.objects.filter(student=OuterRef("student")), "view", teacher)
    return teachings.annotate(
        thresholds=Subquery(settings.values(data=JSONObject(**{name: name for name in NAMES}))),
        snoozed=Subquery(snoozes.values(data=JSONObject(until="until", reason="reason"))),
        exams=_exams(teacher, since),
        hard=_hard(teacher, since),
    )


def _exams(teacher: User, since: date) -> ArraySubquery:
    """Each that was not over by then, and the minutes that went into it."""
    entries = allowed(PracticeEntry.objects.filter(occasion=OuterRef("pk")), "view", teacher)
    minutes = entries.order_by().values("occasion").annotate(total=Sum("minutes")).values("total")
    exams = allowed(
        Occasion.objects.filter(
            student=OuterRef("student"),
            kind=OccasionKind.EXAM,
            target_hours__isnull=False,
            held_on__gte=since,
        ),
        "view",
        teacher,
    )
    return ArraySubquery(
        exams.order_by("held_on", "pk").values(
            data=JSONObject(
                title="title",
                held_on="held_on",
                target_hours="target_hours",
                minutes=Coalesce(Subquery(minutes), 0),
            )
        )[:MOST_EXAMS]
    )


def _hard(teacher: User, since: date) -> ArraySubquery:
    """The sessions in which something was hard, the newest first."""
    pieces = PracticeItem.objects.filter(entry=OuterRef("pk"), piece__isnull=False)
    entries = PracticeEntry.objects.filter(student=OuterRef("student"), practised_on__gte=since)
    named = newest_first(allowed(entries.exclude(struggles=""), "view", teacher))
    return ArraySubquery(
        named.values(
            data=JSONObject(
                on="practised_on",
                words="struggles",
                pieces=ArraySubquery(pieces.order_by().values("piece_id")),
            )
        )[:MOST_SESSIONS]
    )
