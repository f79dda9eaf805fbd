"""The day summary: what a dashboard reads instead of entries."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.private_teaching.models import Teaching

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
        """Write the summary of these days anew; return the minutes of each day over all audiences.

        ``along``: another statement with its values, which goes to the database on the same way.

        The caller holds the student's row lock, so that two writers cannot count past each other.
        Only when something left a day (an edit, a deletion) can a part of it have become empty.
        """
        if something_left:
            self.filter(student_id=student_id, practised_on__in=days).delete()
        totals: dict[date, int] = dict.fromkeys(days, 0)
        before, values = along or ("", [])
        sql = f"WITH along AS ({before}) {RECOUNT}" if before else RECOUNT
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, student_id, list(days)])
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
