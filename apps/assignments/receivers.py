"""What assignments add to the form and the page of an entry and to the page of a lesson, and how they follow
a merge."""

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.accounts.models import Student, User
from apps.lessons.above import lesson_part
from apps.lessons.models import Lesson
from apps.practice.above import entry_part, entry_question
from apps.practice.models import PracticeEntry
from apps.repertoire.above import follows_merges
from apps.repertoire.models import Piece

from . import queries
from .log_forms import SHOWN, PickForm, key_of, named_in
from .services import move_assignments


@entry_question
def what_it_was_for(
    user: User, student: Student, data: QueryDict | None, asked: QueryDict, entry: PracticeEntry | None
) -> PickForm | None:
    """What was given to practise and is open; nothing for who may not say so, or where nothing is.

    A form that was sent without the mark of this part was drawn without it.
    """
    if data is not None and SHOWN not in data:
        return None
    about = key_of(asked.get("for", ""))
    found = queries.to_pick(user, student, named=named_in(data), about=about, entry=entry)
    return PickForm(data, found=found, asked=about) if found or named_in(data) else None


@entry_part
def part_of_entry(user: User, entry: PracticeEntry) -> SafeString:
    """What the session was for, as far as this reader knows what was given."""
    context = {"entry": entry, "rows": queries.done_in(user, entry)}
    return render_to_string("assignments/_of_entry.html", context)


@follows_merges
def take_assignments_along(gone: Piece, kept: Piece) -> None:
    move_assignments(piece=gone.pk, into=kept.pk)


@lesson_part
def part_of_lesson(user: User, lesson: Lesson) -> SafeString:
    """What was given in it, and for its teacher the way to give more."""
    context = {
        "lesson": lesson,
        "rows": queries.given_in(user, lesson),
        "today": lesson.teaching.student.today(timezone.now()),
        # Whoever may change the lesson teaches today, as the page of the lesson has asked.
        "may_give": vars(lesson)["may_change"],
    }
    return render_to_string("assignments/_of_lesson.html", context)
