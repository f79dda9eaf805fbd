"""What the pages here share: the door to an entry or a skill, and the way back to it."""

from uuid import UUID

from django.urls import reverse

from apps.accounts.models import User
from apps.core.access import get_allowed_or_404, with_permission
from apps.evidence.models import Evidence
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Skill


def entry_or_404(user: User, entry: UUID, action: str = "view") -> PracticeEntry:
    rows = PracticeEntry.objects.select_related("student", "addressed_to__teacher")
    return get_allowed_or_404(with_permission(rows, user, is_family="view_revisions"), action, user, pk=entry)


def skill_or_404(user: User, skill: UUID, action: str = "view") -> Skill:
    rows = Skill.objects.select_related("student")
    seen = with_permission(rows, user, may_attach="attach_evidence", is_family="delete")
    return get_allowed_or_404(seen, action, user, pk=skill)


def evidence_or_404(user: User, evidence: UUID, action: str = "view") -> Evidence:
    rows = Evidence.objects.select_related("entry", "skill", "added_by")
    return get_allowed_or_404(rows, action, user, pk=evidence)


def address_of(about: PracticeEntry | Skill) -> str:
    name = "practice:entry-detail" if isinstance(about, PracticeEntry) else "repertoire:skill-detail"
    return reverse(name, args=[about.pk]) + "#evidence"
