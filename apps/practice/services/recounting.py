"""Does what is counted in advance still say what the entries say? One diary after the other, so that no
statement reads more than the longest of them."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import OperationalError, connection, transaction

from apps.accounts.models import Student
from apps.practice.queries import drifted_days, drifted_shares

from . import recount_day
from .errors import EntryIsNotPossible
from .lines import recount_shares

Found = TypeVar("Found")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Differing:
    """The days of students that were wrong, the entries whose lines had wrong shares, and the students whose
    diary somebody held, or has a day that cannot be."""

    days: list[tuple[UUID, date]] = field(default_factory=list)
    entries: list[UUID] = field(default_factory=list)
    failed: list[UUID] = field(default_factory=list)


def recount_differing(students: Collection[UUID] = (), *, only_look: bool = False) -> Differing:
    """Find what differs, of these students or of all, and write it anew under the locks of its writers.
    The log says how many were written, and of nobody. A diary that cannot be counted now is named in what
    is returned, and holds up no other."""
    found = Differing()
    for student in students or list(Student.objects.order_by("pk").values_list("pk", flat=True)):
        try:
            _recount_differing_of(student, found, only_look=only_look)
        except (OperationalError, EntryIsNotPossible):
            logger.exception("A diary could not be counted anew")
            found.failed.append(student)
    if not only_look and (found.days or found.entries):
        logger.warning("%s days recounted, %s entries divided anew", len(found.days), len(found.entries))
    return found


def _recount_differing_of(student: UUID, found: Differing, *, only_look: bool) -> None:
    entries = _patiently(drifted_shares, student)
    found.entries.extend(entries)
    if not only_look:
        for entry_id in entries:
            recount_shares(entry_id=entry_id)
    # Only now: the days of pieces and skills are sums of the shares.
    days = _patiently(drifted_days, student)
    found.days.extend((student, day) for day in days)
    if not only_look:
        for day in days:
            recount_day(student_id=student, day=day)


def _patiently(find: Callable[[UUID], list[Found]], student: UUID) -> list[Found]:
    """The longest diary takes longer than a page may."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        return find(student)
