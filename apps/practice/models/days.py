"""The day summaries: what pages read instead of entries and their lines."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.practice import thing_days
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Piece, Skill

FORGET = f"""
    WITH things AS ({thing_days.FORGET})
    DELETE FROM practice_practiceday WHERE student_id = %s AND practised_on = ANY(%s)
"""  # noqa: S608  (constants)
RECOUNT = """
    INSERT INTO practice_practiceday
        (student_id, practised_on, is_private, addressed_to_id,
         sessions, minutes, exam_minutes, performance_minutes)
    SELECT student_id, practised_on, is_private, addressed_to_id, count(*), sum(minutes),
           coalesce(sum(minutes) FILTER (WHERE preparing_for_exam), 0),
           coalesce(sum(minutes) FILTER (WHERE preparing_for_performance), 0)
    FROM practice_practiceentry
    WHERE student_id = %s AND practised_on = ANY(%s) AND deleted_at IS NULL
    GROUP BY student_id, practised_on, is_private, addressed_to_id
    ON CONFLICT (student_id, practised_on, is_private, addressed_to_id) DO UPDATE SET
        sessions = EXCLUDED.sessions, minutes = EXCLUDED.minutes,
        exam_minutes = EXCLUDED.exam_minutes, performance_minutes = EXCLUDED.performance_minutes
    RETURNING practised_on, minutes
"""


class PracticeDayQuerySet(models.QuerySet["PracticeDay"]):
    def recount(
        self,
        *,
        student_id: UUID,
        days: Collection[date],
        something_left: bool = False,
        along: tuple[str, list[Any]] | None = None,
    ) -> dict[date, int]:
        """Write the summaries of these days anew, those of pieces and skills (``ThingDay``) with them; return
        the minutes of each day over all audiences.

        ``along``: another statement with its values, which goes to the database on the same way.

        The caller holds the student's row lock, so that two writers cannot count past each other.
        Only when something left a day (an edit, a deletion) can a part of it have become empty.
        """
        totals: dict[date, int] = dict.fromkeys(days, 0)
        here: list[Any] = [student_id, list(days)]
        ways, values = [f"things AS ({thing_days.WRITE})"], [*here]
        if along:
            ways, values = [f"along AS ({along[0]})", *ways], [*along[1], *values]
        with connection.cursor() as cursor:
            if something_left:
                cursor.execute(FORGET, [*here, *here])
            cursor.execute(f"WITH {', '.join(ways)} {RECOUNT}", [*values, *here])
            for day, minutes in cursor.fetchall():
                totals[day] += minutes
        return totals


class PracticeDay(models.Model):
    """Minutes and sessions of one student, day and audience.

    The audiences are disjoint parts: private, shared with all teachers, addressed to one teaching.
    The family's total is the sum of all parts; a teacher's is shared plus their own.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    practised_on = models.DateField(_("day"))
    is_private = models.BooleanField(_("private"))
    addressed_to = models.ForeignKey(
        Teaching, verbose_name=_("only for"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    sessions = models.PositiveIntegerField(_("sessions"))
    minutes = models.PositiveIntegerField(_("minutes"))
    exam_minutes = models.PositiveIntegerField(_("minutes for an exam"))
    performance_minutes = models.PositiveIntegerField(_("minutes for a performance"))

    objects = PracticeDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice day")
        verbose_name_plural = _("practice days")
        constraints = [
            # Students first: this is also the index that every dashboard walks, without a step to the rows.
            models.UniqueConstraint(
                fields=["student", "practised_on", "is_private", "addressed_to"],
                include=["minutes", "sessions"],
                nulls_distinct=False,
                name="practice_day_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practised_on}: {self.minutes}"


class ThingDayQuerySet(models.QuerySet["ThingDay"]):
    def recount_merged(self, *, piece: UUID, into: UUID) -> None:
        """Two pieces became one, and an entry about both is one session of it. The caller holds the student's
        row lock and has moved the lines."""
        with connection.cursor() as cursor:
            cursor.execute(thing_days.FORGET_PIECES, [[piece, into]])
            cursor.execute(thing_days.WRITE_PIECE, [into])


class ThingDay(models.Model):
    """Minutes and sessions that one piece or skill got on one day, for the audiences of ``PracticeDay``.

    Minutes are the shares of its lines; an entry with several lines about it is one session. Written by
    ``PracticeDay.objects.recount``, in the transaction of the entry.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    practised_on = models.DateField(_("day"))
    is_private = models.BooleanField(_("private"))
    # Most rows are addressed to nobody: one of the indexes below holds those that are.
    addressed_to = models.ForeignKey(
        Teaching,
        verbose_name=_("only for"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    piece = models.ForeignKey(
        Piece,
        verbose_name=_("piece"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    skill = models.ForeignKey(
        Skill,
        verbose_name=_("skill"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    sessions = models.PositiveIntegerField(_("sessions"))
    minutes = models.PositiveIntegerField(_("minutes"))

    objects = ThingDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice day of a piece or skill")
        verbose_name_plural = _("practice days of pieces and skills")
        constraints = [
            # Begins as a recount asks: it serves the student's key too.
            models.UniqueConstraint(
                fields=["student", "practised_on", "piece", "skill", "is_private", "addressed_to"],
                nulls_distinct=False,
                name="thing_day_once",
            ),
            models.CheckConstraint(
                condition=Q(piece__isnull=True, skill__isnull=False)
                | Q(piece__isnull=False, skill__isnull=True),
                name="thing_day_of_one_thing",
            ),
        ]
        indexes = [
            # What the page of a piece or a skill walks, newest first, without a step to the rows.
            *(
                models.Index(
                    fields=[name, "-practised_on"],
                    include=["is_private", "addressed_to", "sessions", "minutes"],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"thing_day_of_{name}",
                )
                for name in ("piece", "skill")
            ),
            models.Index(
                fields=["addressed_to"],
                condition=Q(addressed_to__isnull=False),
                name="thing_day_addressed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practised_on}: {self.minutes}"
