"""What the pages here share: the door to an entry, a skill or a lesson, and the way back to it."""

from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.prepared import Door
from apps.core.access import with_permission
from apps.evidence.models import About, Evidence
from apps.lessons.models import Lesson
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Skill


def _entries(reader: User) -> QuerySet[PracticeEntry]:
    rows = PracticeEntry.objects.select_related("student", "addressed_to__teacher")
    return with_permission(rows, reader, is_family="view_revisions")


def _skills(reader: User) -> QuerySet[Skill]:
    rows = Skill.objects.select_related("student")
    return with_permission(rows, reader, may_attach="attach_evidence", is_family="delete")


entry_or_404 = Door(_entries)
skill_or_404 = Door(_skills)
lesson_or_404 = Door(lambda reader: Lesson.objects.select_related("teaching__student"))
evidence_or_404 = Door(lambda reader: Evidence.objects.select_related("entry", "skill", "lesson", "added_by"))


PAGES = {
    PracticeEntry: "practice:entry-detail",
    Skill: "repertoire:skill-detail",
    Lesson: "lessons:lesson-detail",
}


def address_of(about: About) -> str:
    return reverse(PAGES[type(about)], args=[about.pk]) + "#evidence"
