"""What the pages here share: the door to an entry, a skill or a lesson, and the way back to it."""

from uuid import UUID

from django.urls import reverse

from apps.accounts.models import User
from apps.core.access import get_allowed_or_404, with_permission
from apps.evidence.models import About, Evidence
from apps.lessons.models import Lesson
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Skill


def entry_or_404(user: User, entry: UUID, action: str = "view") -> PracticeEntry:
    rows = PracticeEntry.objects.select_related("student", "addressed_to__teacher")
    return get_allowed_or_404(with_permission(rows, user, is_family="view_revisions"), action, user, pk=entry)


def skill_or_404(user: User, skill: UUID, action: str = "view") -> Skill:
    rows = Skill.objects.select_related("student")
    seen = with_permission(rows, user, may_attach="attach_evidence", is_family="delete")
    return get_allowed_or_404(seen, action, user, pk=skill)


def lesson_or_404(user: User, lesson: UUID, action: str = "view") -> Lesson:
    return get_allowed_or_404(Lesson.objects.select_related("teaching__student"), action, user, pk=lesson)


def evidence_or_404(user: User, evidence: UUID, action: str = "view") -> Evidence:
    rows = Evidence.objects.select_related("entry", "skill", "lesson", "added_by")
    return get_allowed_or_404(rows, action, user, pk=evidence)


PAGES = {
    PracticeEntry: "practice:entry-detail",
    Skill: "repertoire:skill-detail",
    Lesson: "lessons:lesson-detail",
}


def address_of(about: About) -> str:
    return reverse(PAGES[type(about)], args=[about.pk]) + "#evidence"
