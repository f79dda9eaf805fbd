"""Do the stored day summaries equal a count of the entries and their lines, and the shares of lines their
minutes divided?
Counted by the database for all diaries."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import connection

from apps.practice import shares, thing_days

# NULL addressed_to must match NULL: compared as text.
DRIFT = f"""
    WITH counted AS (
        SELECT student_id, practised_on, is_private, coalesce(addressed_to_id::text, '') AS addressed,
               count(*) AS sessions, sum(minutes) AS minutes,
               coalesce(sum(minutes) FILTER (WHERE preparing_for_exam), 0) AS exam,
               coalesce(sum(minutes) FILTER (WHERE preparing_for_performance), 0) AS performance
        FROM practice_practiceentry WHERE deleted_at IS NULL
        GROUP BY 1, 2, 3, 4
    ), stored AS (
        SELECT student_id, practised_on, is_private, coalesce(addressed_to_id::text, '') AS addressed,
               sessions, minutes, exam_minutes AS exam, performance_minutes AS performance
        FROM practice_practiceday
    )
    SELECT student_id, practised_on FROM (
        (SELECT * FROM counted EXCEPT SELECT * FROM stored)
        UNION ALL
        (SELECT * FROM stored EXCEPT SELECT * FROM counted)
    ) AS different
    WHERE %(all)s OR student_id = ANY(%(students)s)
    UNION ({thing_days.DRIFT})
    ORDER BY student_id, practised_on
"""  # noqa: S608  (constants)


def drifted_days(students: Collection[UUID] = ()) -> list[tuple[UUID, date]]:
    """The days whose summary is wrong, or that of a piece or skill, of these students or of all. Costs all
    their entries and lines."""
    with connection.cursor() as cursor:
        cursor.execute(DRIFT, {"all": not students, "students": list(students)})
        return [(student, day) for student, day in cursor.fetchall()]


def drifted_shares(students: Collection[UUID] = ()) -> list[UUID]:
    """The entries with a line whose share is wrong, likewise."""
    return shares.wrong_entries(connection, students)
