"""The words of an entry as the search knows them: one row for an entry's texts and its lines together.

Plain SQL, because a migration writes with it too, whatever the models look like by then.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.repertoire.names import folded

# PostgreSQL's stemmers for the languages of this site; each knows which forms are one word.
LANGUAGES: Final = {"en": "english_stem", "de": "german_stem"}
# Folding may make eighteen characters of one; an entry with all its lines holds 16,000.
LONGEST: Final = 300_000
# What is longer is known by its beginning.
LONGEST_WORD: Final = 100
BATCH: Final = 500

# Every word as it was said, and its stem in each language: who reads may read in another one than wrote.
# Each begins with the diary's key: the index keeps the words of one diary side by side, and whoever asks for
# the beginning of a word reads none of another diary's.
WRITE = f"""
    INSERT INTO practice_entrywords (entry_id, words)
    SELECT said.entry_id, array_to_tsvector(ARRAY(
        SELECT said.diary || form
        FROM (SELECT DISTINCT left(each, {LONGEST_WORD}) AS word
              FROM unnest(string_to_array(said.words, ' ')) AS each) AS spoken,
            unnest(word || {" || ".join(f"ts_lexize('{stemmer}', word)" for stemmer in LANGUAGES.values())})
                AS form
        WHERE form <> ''
    ))
    FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS said (entry_id, diary, words)
    ON CONFLICT (entry_id) DO UPDATE SET words = EXCLUDED.words
"""  # noqa: S608  (constants)

# By key alone: a lot costs the same whatever the planner believes of the tables, which grow meanwhile.
LOT = "SELECT id FROM practice_practiceentry WHERE id > %s ORDER BY id LIMIT %s"
# Held until their words are written, so that a change of the entry waits and then writes the newer ones.
HOLD = """
    SELECT entry.id
    FROM practice_practiceentry AS entry
    WHERE entry.id = ANY(%s)
        AND NOT EXISTS (SELECT FROM practice_entrywords AS words WHERE words.entry_id = entry.id)
    ORDER BY entry.id
    FOR NO KEY UPDATE OF entry
"""
# A statement of its own: it sees what was saved while the one above waited, lines and words among it.
READ = """
    SELECT entry.id, entry.student_id, concat_ws(' ', entry.description, entry.struggles, entry.achievements,
        entry.notes, (SELECT string_agg(item.title, ' ' ORDER BY item.position)
                      FROM practice_practiceitem AS item WHERE item.entry_id = entry.id))
    FROM practice_practiceentry AS entry
    WHERE entry.id = ANY(%s)
        AND NOT EXISTS (SELECT FROM practice_entrywords AS words WHERE words.entry_id = entry.id)
"""
# An entry, its student, and what it says as ``said`` folds it.
Spoken = tuple[UUID, UUID, str]
Statement = tuple[str, list[Any]]


def diary_key(student: UUID) -> str:
    """What the words of a diary begin with; two diaries may share it: the entry's own student decides."""
    return student.hex[-8:]


def said(*texts: str) -> str:
    """All of them in small letters, without accents and punctuation."""
    return folded(" ".join(texts), LONGEST)


def writing(found: Sequence[Spoken]) -> Statement:
    """The statement that writes them, with its values."""
    entries, students, texts = zip(*found, strict=True)
    return WRITE, [list(entries), [diary_key(pk) for pk in students], list(texts)]


def write_missing(connection: BaseDatabaseWrapper, *, batch: int = BATCH) -> int:
    """Of all entries without any, in transactions of their own; how many there were."""
    count, last = 0, UUID(int=0)
    while lot := [pk for (pk,) in _rows(connection, LOT, last, batch)]:
        count, last = count + _write_missing_of(connection, lot), lot[-1]
    return count


def _write_missing_of(connection: BaseDatabaseWrapper, lot: Sequence[UUID]) -> int:
    with transaction.atomic(using=connection.alias):
        held = [pk for (pk,) in _rows(connection, HOLD, lot)]
        found = [(pk, student, said(text)) for pk, student, text in _rows(connection, READ, held)]
        if found:
            with connection.cursor() as cursor:
                cursor.execute(*writing(found))
    return len(found)


def _rows(connection: BaseDatabaseWrapper, statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
        return rows
