"""One pupil on one screen, before their lesson."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest
from apps.accounts.models import Student, User
from apps.accounts.prepared import Door
from apps.assignments.forms import GiveForm
from apps.desk.queries import brief_of
from apps.lessons.forms import NotesForm
from apps.lessons.models import Lesson
from apps.practice.queries.things import things_in, things_to_name


def _students(reader: User) -> QuerySet[Student]:
    return Student.objects.annotate(**things_to_name())


student_or_404 = Door(_students)


def _in(lesson: Lesson | None) -> dict[str, object]:
    return {"lesson": lesson.pk} if lesson else {}


@login_required
@require_safe
def brief(request: UserRequest, student: UUID) -> HttpResponse:
    """Beside the facts stand the forms of the lesson's notes and of what to practise next.

    Each goes to its own page, and comes back here.
    """
    found = student_or_404(request.user, student, "brief")
    page = brief_of(request.user, found, now=timezone.now())
    if page is None:
        # The lessons ended at this moment.
        raise Http404
    # What is given in a lesson is given to its instrument.
    teachings = [
        each for each in page.pupil.teachings if not page.lesson or each.pk == page.lesson.teaching_id
    ] or page.pupil.teachings
    context = {
        "brief": page,
        "student": found,
        "notes_form": NotesForm(lesson=page.lesson, own_note=page.own_note) if page.lesson else None,
        "notes_draft": f"lesson:{request.user.pk}:{page.lesson.pk}" if page.lesson else "",
        "give_form": GiveForm(teachings=teachings[:1], is_fixed=True, initial=_in(page.lesson)),
        "known": things_in(vars(found)).offered,
        "give_to": teachings[0].pk,
        "give_draft": f"assignment:{request.user.pk}:{teachings[0].pk}",
    }
    return render(request, "desk/brief.html", context)
