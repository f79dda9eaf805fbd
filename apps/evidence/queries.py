"""Evidence as a reader sees it: of one entry, or of one skill by its sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from apps.accounts.models import User
from apps.accounts.prepared import ForReader
from apps.core.access import allowed, with_permission
from apps.core.pages import first_page, keyset_page
from apps.lessons.models import Lesson
from apps.practice.models import PracticeEntry, PracticeItem
from apps.practice.queries.filters import ORDER
from apps.repertoire.models import Skill

from .models import Evidence

SESSIONS = 10


@dataclass(frozen=True, slots=True)
class Session:
    """One session with its evidence, as it was added."""

    entry: PracticeEntry
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Sessions:
    """Some sessions, the earliest first, and the way to those before and after them."""

    rows: list[Session]
    earlier: str | None
    later: str | None


def shown(rows: QuerySet[Evidence], user: User) -> QuerySet[Evidence]:
    """Those that this reader may see, as they were added, with who added them and ``may_delete``."""
    seen = with_permission(allowed(rows, "view", user), user, may_delete="delete")
    return seen.select_related("added_by").order_by("created_at", "pk")


def evidence_of_entry(user: User, entry: PracticeEntry) -> list[Evidence]:
    return _of_entries(1)(user, entry0=entry.pk)


@cache
def _of_entries(count: int) -> ForReader[Evidence]:
    def build(reader: User, **ids: UUID) -> QuerySet[Evidence]:
        return shown(Evidence.objects.filter(entry__in=list(ids.values())), reader)

    return ForReader(build, **dict.fromkeys((f"entry{number}" for number in range(count)), UUID))


def evidence_of_skill(user: User, skill: Skill) -> list[Evidence]:
    """What stands on the skill itself."""
    return _of_skill(user, skill=skill.pk)


def _build_of_skill(reader: User, skill: UUID) -> QuerySet[Evidence]:
    return shown(Evidence.objects.filter(skill=skill), reader)


_of_skill = ForReader(_build_of_skill, skill=UUID)


def evidence_of_lesson(user: User, lesson: Lesson) -> list[Evidence]:
    return list(shown(Evidence.objects.filter(lesson=lesson), user))


def may_attach_to(user: User, skill: Skill) -> bool:
    return bool(_open_skills(user, skill=skill.pk))


def _build_open(reader: User, skill: UUID) -> QuerySet[Skill, Any]:
    return allowed(Skill.objects.filter(pk=skill), "attach_evidence", reader).values("pk")


_open_skills = ForReader(_build_open, skill=UUID)


def sessions_of_skill(user: User, skill: Skill, cursor: str | None = None) -> Sessions:
    """The sessions in which a line was about the skill, with their evidence: the latest ones, or where the
    cursor leads. Two queries, one where there are none."""
    if cursor:
        entries = _entries_with_evidence(user, student=skill.student_id, skill=skill.pk)
        page = keyset_page(entries, fields=ORDER, cursor=cursor, size=SESSIONS)
    else:
        newest = _newest_with_evidence(user, student=skill.student_id, skill=skill.pk)
        page = first_page(newest, fields=ORDER, size=SESSIONS)
    wanted = {f"entry{number}": row.pk for number, row in enumerate(page.rows)}
    found = _by_entry(_of_entries(len(wanted))(user, **wanted) if wanted else [])
    rows = [Session(row, found.get(row.pk, [])) for row in reversed(page.rows)]
    return Sessions(rows, earlier=page.older, later=page.newer)


def _entries_with_evidence(user: User, student: UUID, skill: UUID) -> QuerySet[PracticeEntry]:
    """The sessions of which a line was about the skill, as far as this reader may read them."""
    here = OuterRef("pk")
    about = Exists(PracticeItem.objects.filter(entry=here, skill=skill))
    some = Exists(Evidence.objects.kept().filter(entry=here))
    return allowed(PracticeEntry.objects.filter(about, some, student=student), "view", user)


def _build_newest(reader: User, student: UUID, skill: UUID) -> QuerySet[PracticeEntry]:
    rows = _entries_with_evidence(reader, student, skill)
    return rows.order_by(*(f"-{name}" for name in ORDER))[: SESSIONS + 1]


_newest_with_evidence = ForReader(_build_newest, student=UUID, skill=UUID)


def _by_entry(rows: Iterable[Evidence]) -> dict[UUID | None, list[Evidence]]:
    found: dict[UUID | None, list[Evidence]] = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found
