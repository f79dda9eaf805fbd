"""What each piece and skill got of each day, counted by the database, for each audience apart.

Plain SQL, because a migration writes with it too, whatever the models look like by then.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# Days of one student that are counted in one transaction.
BATCH: Final = 100
NO_STUDENT: Final = UUID(int=0)

_COUNTED: Final = """
    SELECT entry.student_id, entry.practised_on, entry.is_private, entry.addressed_to_id,
           line.piece_id, line.skill_id,
           count(DISTINCT entry.id) AS sessions, sum(line.share_minutes) AS minutes
    FROM practice_practiceentry AS entry
    JOIN practice_practiceitem AS line ON line.entry_id = entry.id
    WHERE entry.deleted_at IS NULL AND (line.piece_id IS NOT NULL OR line.skill_id IS NOT NULL) AND {which}
    GROUP BY entry.student_id, entry.practised_on, entry.is_private, entry.addressed_to_id,
             line.piece_id, line.skill_id
"""
_WRITE: Final = f"""
    INSERT INTO practice_thingday
        (student_id, practised_on, is_private, addressed_to_id, piece_id, skill_id, sessions, minutes)
    {_COUNTED}
    ON CONFLICT (student_id, practised_on, piece_id, skill_id, is_private, addressed_to_id) DO UPDATE SET
        sessions = EXCLUDED.sessions, minutes = EXCLUDED.minutes
    -- What else was practised that day stays as it is: a row written is an entry in each index.
    WHERE (practice_thingday.sessions, practice_thingday.minutes)
        IS DISTINCT FROM (EXCLUDED.sessions, EXCLUDED.minutes)
"""
_OF_DAYS: Final = "entry.student_id = %s AND entry.practised_on = ANY(%s)"
# Both take a student and days; the caller holds the student's row lock. Only when something left a day, its
# rows are forgotten first.
WRITE: Final = _WRITE.format(which=_OF_DAYS)
FORGET: Final = "DELETE FROM practice_thingday WHERE student_id = %s AND practised_on = ANY(%s)"

FORGET_PIECES: Final = "DELETE FROM practice_thingday WHERE piece_id = ANY(%s)"
WRITE_PIECE: Final = _WRITE.format(which="line.piece_id = %s")

# Days of one student of which a row is wrong, missing or too much. EXCEPT takes one NULL for the other.
DRIFT: Final = f"""
    WITH counted AS MATERIALIZED ({_COUNTED.format(which="entry.student_id = %(student)s")}),
    stored AS MATERIALIZED (
        SELECT student_id, practised_on, is_private, addressed_to_id, piece_id, skill_id, sessions, minutes
        FROM practice_thingday WHERE student_id = %(student)s
    )
    SELECT practised_on FROM (
        (TABLE counted EXCEPT TABLE stored) UNION ALL (TABLE stored EXCEPT TABLE counted)
    ) AS different
"""  # noqa: S608  (constants)

_NEXT_STUDENT: Final = """
    SELECT student_id FROM practice_practiceday WHERE student_id > %s ORDER BY student_id LIMIT 1
"""
# As every writer of the diary does: who writes there meanwhile waits, and then counts what is there by then.
_HOLD: Final = "SELECT id FROM accounts_student WHERE id = %s FOR NO KEY UPDATE"
# A statement of its own: it sees what was saved while the one above waited.
_LOT: Final = """
    SELECT DISTINCT practised_on FROM practice_practiceday
    WHERE student_id = %s AND practised_on > %s ORDER BY practised_on LIMIT %s
"""


def count_all(connection: BaseDatabaseWrapper, *, batch: int = BATCH) -> int:
    """All days anew, of one student after the other, in transactions of their own; how many there are."""
    days, student = 0, _next(connection, NO_STUDENT)
    while student is not None:
        last = date.min
        while lot := _count_lot(connection, student, last, batch):
            days, last = days + len(lot), lot[-1]
        student = _next(connection, student)
    return days


def _count_lot(connection: BaseDatabaseWrapper, student: UUID, last: date, batch: int) -> list[date]:
    with transaction.atomic(using=connection.alias):
        _column(connection, _HOLD, student)
        lot: list[date] = _column(connection, _LOT, student, last, batch)
        if lot:
            with connection.cursor() as cursor:
                cursor.execute(FORGET, [student, lot])
                cursor.execute(WRITE, [student, lot])
    return lot


def _next(connection: BaseDatabaseWrapper, student: UUID) -> UUID | None:
    found: Collection[UUID] = _column(connection, _NEXT_STUDENT, student)
    return next(iter(found), None)


def _column(connection: BaseDatabaseWrapper, statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [value for (value,) in cursor.fetchall()]
