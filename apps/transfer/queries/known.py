"""Which sessions of a file the diary has already."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from apps.practice.models import PracticeEntry
from apps.practice.permissions import audience_as
from apps.practice.queries import DiaryHead
from apps.practice.queries.lists import with_lines
from apps.transfer.contents import data_of, fingerprint_of
from apps.transfer.models import Import, ImportRow

# Days and minutes side by side: of a long diary, only what could be the same is read.
SAME_DAY = """
    SELECT entry.id FROM practice_practiceentry AS entry
    JOIN (SELECT DISTINCT day, minutes FROM unnest(%s::date[], %s::integer[]) AS said (day, minutes)) AS said
        ON entry.practised_on = said.day AND entry.minutes = said.minutes
    WHERE entry.student_id = %s AND entry.deleted_at IS NULL
"""


def known_counts(
    head: DiaryHead, rows: Iterable[tuple[str, Mapping[str, Any]]], *, but: Import | None = None
) -> dict[str, int]:
    """How many kept entries that this reader may read say what each fingerprint stands for: as they are
    today, or as an import brought them before somebody changed them. ``but``: without those of this import.
    """
    wanted = dict(rows)
    # "The diary has this already" is an answer to a question, and there may be 200,000 of them in a file.
    readable = PracticeEntry.objects.kept().filter(
        audience_as(head.role, head.own_teachings), student=head.student
    )
    found: dict[str, set[UUID]] = defaultdict(set)
    for entry in _of_the_same_days(readable, head.student.pk, wanted.values()):
        fingerprint = fingerprint_of(data_of(entry))
        if fingerprint in wanted:
            found[fingerprint].add(entry.pk)
    for fingerprint, key in _brought_before(readable, head.student.pk, wanted):
        found[fingerprint].add(key)
    own = _keys_of(but, wanted) if but else set()
    return {fingerprint: len(keys - own) for fingerprint, keys in found.items()}


def _of_the_same_days(
    readable: "QuerySet[PracticeEntry]", student_id: UUID, said: Collection[Mapping[str, Any]]
) -> Iterable[PracticeEntry]:
    with connection.cursor() as cursor:
        cursor.execute(
            SAME_DAY, [[row["date"] for row in said], [row["minutes"] for row in said], student_id]
        )
        keys = [key for (key,) in cursor.fetchall()]
    return with_lines(readable.filter(pk__in=keys)) if keys else ()


def _brought_before(
    readable: "QuerySet[PracticeEntry]", student_id: UUID, wanted: Collection[str]
) -> list[tuple[str, UUID]]:
    rows = ImportRow.objects.filter(
        batch__student=student_id, is_added=True, fingerprint__in=list(wanted)
    ).select_related("batch")
    keys = {row.batch.key_of(row.number): row.fingerprint for row in rows}
    kept = readable.filter(pk__in=keys).values_list("pk", flat=True)
    return [(keys[key], key) for key in kept]


def _keys_of(batch: Import, wanted: Collection[str]) -> set[UUID]:
    rows = batch.rows.filter(is_added=True, fingerprint__in=list(wanted))
    numbers = rows.values_list("number", flat=True)
    return {batch.key_of(number) for number in numbers}
