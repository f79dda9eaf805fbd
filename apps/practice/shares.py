"""Each line's share of its entry's minutes, counted by the database as ``dividing.divide`` counts it.

Plain SQL, because a migration writes with it too, whatever the models look like by then.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

BATCH: Final = 500

# The lines of some entries that hold another share than they should.
WRONG: Final = """
    SELECT counted.id, counted.entry_id, counted.share
    FROM (
        SELECT part.id, part.entry_id, part.position, part.share_minutes,
            CASE
                WHEN part.minutes IS NOT NULL THEN part.minutes
                ELSE part.rest / part.others + (part.nth <= mod(part.rest, part.others))::integer
            END AS share
        FROM (
            SELECT line.id, line.entry_id, line.position, line.minutes, line.share_minutes,
                greatest(entry.minutes - sum(coalesce(line.minutes, 0)) OVER whole, 0)::integer AS rest,
                (count(*) FILTER (WHERE line.minutes IS NULL) OVER whole)::integer AS others,
                row_number() OVER (
                    PARTITION BY line.entry_id, line.minutes IS NULL ORDER BY line.position
                ) AS nth
            FROM practice_practiceitem AS line
            JOIN practice_practiceentry AS entry ON entry.id = line.entry_id
            WHERE {which}
            WINDOW whole AS (PARTITION BY line.entry_id)
        ) AS part
    ) AS counted
    WHERE counted.share_minutes IS DISTINCT FROM counted.share
"""
# Held until they are written, so that a change of the entry waits and then divides anew.
LOT: Final = """
    SELECT id FROM practice_practiceentry WHERE id > %s ORDER BY id LIMIT %s FOR NO KEY UPDATE
"""
WRITE: Final = f"""
    UPDATE practice_practiceitem AS item SET share_minutes = wrong.share
    FROM ({WRONG.format(which="line.entry_id = ANY(%s)")}) AS wrong
    WHERE wrong.id = item.id
"""  # noqa: S608  (constants)
FIND: Final = f"""
    SELECT DISTINCT wrong.entry_id
    FROM ({WRONG.format(which="entry.student_id = %s")}) AS wrong
    ORDER BY wrong.entry_id
"""  # noqa: S608  (constants)


def wrong_entries(connection: BaseDatabaseWrapper, student: UUID) -> list[UUID]:
    """The entries of a student with a wrong share. Costs all their lines."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [student])
        return [entry for (entry,) in cursor.fetchall()]


def write_shares(connection: BaseDatabaseWrapper, entries: Collection[UUID]) -> int:
    """Of these entries anew; how many lines were wrong. The caller holds the entries."""
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(entries)])
        return int(cursor.rowcount)


def write_wrong(connection: BaseDatabaseWrapper, *, batch: int = BATCH) -> int:
    """Of all entries, in transactions of their own; how many lines were wrong."""
    count, last = 0, UUID(int=0)
    while True:
        with transaction.atomic(using=connection.alias):
            lot = _lot(connection, last, batch)
            count += write_shares(connection, lot) if lot else 0
        if not lot:
            return count
        last = lot[-1]


def _lot(connection: BaseDatabaseWrapper, last: UUID, batch: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(LOT, [last, batch])
        return [entry for (entry,) in cursor.fetchall()]
