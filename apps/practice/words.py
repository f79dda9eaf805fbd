"""The words of an entry as the search knows them: one row for an entry's texts and its lines together.

Plain SQL, because a migration writes with it too, whatever the models look like by then.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.repertoire.names import folded

# What PostgreSQL calls the languages of this site; each knows which forms are one word.
LANGUAGES: Final = {"en": "english", "de": "german"}
# Every word as it was said, and its stem in each language: who reads may read in another one than wrote.
CONFIGS: Final = ("simple", *LANGUAGES.values())
# Folding may make several characters of one; an entry with all its lines holds 16,000.
LONGEST: Final = 100_000
BATCH: Final = 500

WRITE = f"""
    INSERT INTO practice_entrywords (entry_id, words)
    SELECT said.entry_id, {" || ".join(f"to_tsvector('{config}', said.words)" for config in CONFIGS)}
    FROM unnest(%s::uuid[], %s::text[]) AS said (entry_id, words)
    ON CONFLICT (entry_id) DO UPDATE SET words = EXCLUDED.words
"""  # noqa: S608  (constants)

# Held until its words are written, so that a change of the entry waits and then writes the newer ones.
MISSING = """
    SELECT entry.id, concat_ws(' ', entry.description, entry.struggles, entry.achievements, entry.notes,
        (SELECT string_agg(item.title, ' ' ORDER BY item.position)
         FROM practice_practiceitem AS item WHERE item.entry_id = entry.id))
    FROM practice_practiceentry AS entry
    WHERE entry.id > %s
        AND NOT EXISTS (SELECT FROM practice_entrywords AS words WHERE words.entry_id = entry.id)
    ORDER BY entry.id
    LIMIT %s
    FOR NO KEY UPDATE OF entry
"""


def said(*texts: str) -> str:
    """All of them in small letters, without accents and punctuation."""
    return folded(" ".join(texts), LONGEST)


def write(connection: BaseDatabaseWrapper, found: Mapping[UUID, str]) -> None:
    """``found``: what each entry says, as ``said`` folds it."""
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(found), list(found.values())])


def write_missing(connection: BaseDatabaseWrapper, *, batch: int = BATCH) -> int:
    """Of all entries without any, in transactions of their own; how many there were."""
    count, last = 0, UUID(int=0)
    while True:
        with transaction.atomic(using=connection.alias):
            rows = _missing(connection, last, batch)
            if rows:
                write(connection, {pk: said(text) for pk, text in rows})
        if not rows:
            return count
        count, last = count + len(rows), rows[-1][0]


def _missing(connection: BaseDatabaseWrapper, last: UUID, batch: int) -> list[tuple[UUID, str]]:
    with connection.cursor() as cursor:
        cursor.execute(MISSING, [last, batch])
        rows: Iterable[Any] = cursor.fetchall()
        return [(pk, text) for pk, text in rows]
