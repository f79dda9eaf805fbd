"""Do the stored day summaries of one student equal a count of the entries and their lines, and the shares of
lines their minutes divided? Counted by the database."""

from datetime import date
from uuid import UUID

from django.db import connection

from apps.practice import shares, thing_days

# EXCEPT takes one NULL for the other.
DRIFT = f"""
    WITH counted AS MATERIALIZED (
        SELECT practised_on, is_private, addressed_to_id,
               count(*) AS sessions, sum(minutes) AS minutes,
               coalesce(sum(minutes) FILTER (WHERE preparing_for_exam), 0) AS exam,
               coalesce(sum(minutes) FILTER (WHERE preparing_for_performance), 0) AS performance
        FROM practice_practiceentry WHERE deleted_at IS NULL AND student_id = %(student)s
        GROUP BY practised_on, is_private, addressed_to_id
    ), stored AS MATERIALIZED (
        SELECT practised_on, is_private, addressed_to_id, sessions, minutes, exam_minutes, performance_minutes
        FROM practice_practiceday WHERE student_id = %(student)s
    )
    SELECT practised_on FROM (
        (TABLE counted EXCEPT TABLE stored) UNION ALL (TABLE stored EXCEPT TABLE counted)
    ) AS different
    UNION ({thing_days.DRIFT})
    ORDER BY practised_on
"""  # noqa: S608  (constants)


def drifted_days(student: UUID) -> list[date]:
    """The days whose summary is wrong, or that of a piece or skill. Costs all entries and lines of the
    student."""
    with connection.cursor() as cursor:
        cursor.execute(DRIFT, {"student": student})
        return [day for (day,) in cursor.fetchall()]


def drifted_shares(student: UUID) -> list[UUID]:
    """The entries with a line whose share is wrong, likewise."""
    return shares.wrong_entries(connection, student)
