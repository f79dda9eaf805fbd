"""What evidence adds to the pages of entries, skills and lessons."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.core.access import is_allowed
from apps.lessons.above import lesson_part
from apps.lessons.models import Lesson
from apps.practice.above import entry_part
from apps.practice.models import PracticeEntry
from apps.repertoire.above import page_part
from apps.repertoire.models import Piece, Skill

from . import queries
from .models import MOST_OF_LESSON, OF_LESSON, Kind


@entry_part
def part_of_entry(user: User, entry: PracticeEntry) -> SafeString:
    """What is there, and ways to add some."""
    found, most = queries.evidence_of_entry(user, entry), settings.EVIDENCE_PER_ENTRY
    context = {
        "entry": entry,
        "rows": found,
        "may_attach": is_allowed("attach_evidence", user, entry),
        "is_full": len(found) >= most,
        "most": most,
        "kinds": Kind.choices,
        "reader": user,
    }
    return render_to_string("evidence/_of_entry.html", context)


@page_part
def part_of_skill(user: User, thing: Piece | Skill) -> SafeString:
    """What stands on the skill, and the latest sessions with theirs; a piece has none."""
    if isinstance(thing, Piece):
        return SafeString()
    own, most = queries.evidence_of_skill(user, thing), settings.EVIDENCE_PER_SKILL
    context = {
        "skill": thing,
        "own": own,
        "sessions": queries.sessions_of_skill(user, thing),
        "may_attach": queries.may_attach_to(user, thing),
        "is_full": len(own) >= most,
        "most": most,
        "kinds": Kind.choices,
        "reader": user,
    }
    return render_to_string("evidence/_of_skill.html", context)


@lesson_part
def part_of_lesson(user: User, lesson: Lesson) -> SafeString:
    """What the teacher gave along with it."""
    found = queries.evidence_of_lesson(user, lesson)
    context = {
        "lesson": lesson,
        "rows": found,
        # Whoever may change the lesson may add to it, as the page of the lesson has asked.
        "may_attach": vars(lesson)["may_change"],
        "is_full": len(found) >= MOST_OF_LESSON,
        "most": MOST_OF_LESSON,
        "kinds": OF_LESSON,
        "reader": user,
    }
    return render_to_string("evidence/_of_lesson.html", context)
