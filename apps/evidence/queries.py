"""Evidence as a reader sees it: of one entry, or of one skill by its sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from apps.accounts.models import User
from apps.core.access import allowed, with_permission
from apps.core.pages import keyset_page
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
    return list(shown(Evidence.objects.filter(entry=entry), user))


def evidence_of_skill(user: User, skill: Skill) -> list[Evidence]:
    """What stands on the skill itself."""
    return list(shown(Evidence.objects.filter(skill=skill), user))


def sessions_of_skill(user: User, skill: Skill, cursor: str | None = None) -> Sessions:
    """The sessions in which a line was about the skill, with their evidence: the latest ones, or where the
    cursor leads. Two queries."""
    here = OuterRef("pk")
    about = Exists(PracticeItem.objects.filter(entry=here, skill=skill))
    some = Exists(Evidence.objects.kept().filter(entry=here))
    entries = allowed(PracticeEntry.objects.filter(about, some, student=skill.student_id), "view", user)
    page = keyset_page(entries, fields=ORDER, cursor=cursor, size=SESSIONS)
    found = _by_entry(shown(Evidence.objects.filter(entry__in=[row.pk for row in page.rows]), user))
    rows = [Session(row, found.get(row.pk, [])) for row in reversed(page.rows)]
    return Sessions(rows, earlier=page.older, later=page.newer)


def _by_entry(rows: Iterable[Evidence]) -> dict[UUID | None, list[Evidence]]:
    found: dict[UUID | None, list[Evidence]] = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found
