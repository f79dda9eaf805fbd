"""What is noted about a lesson."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import (
    UserRequest,
    collection_is_off,
    in_time,
    post_only,
    slow_down,
    writes_too_often,
)
from apps.accounts.services import CollectionIsOff
from apps.core.addresses import next_address
from apps.lessons import queries, services
from apps.lessons.forms import NotesForm, not_yet
from apps.repertoire.services import NotPossible

from .doors import lesson_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_notes(request: UserRequest, lesson: UUID) -> HttpResponse:
    """Attendance, the note for the family, and the teacher's own."""
    found = lesson_or_404(request.user, lesson, "change")
    draft_key = f"lesson:{request.user.pk}:{found.pk}"
    own_note = queries.own_note_of(request.user, found)
    last = "" if found.shared_note else queries.last_note_before(request.user, found)
    form = NotesForm(request.POST if request.method == "POST" else None, lesson=found, own_note=own_note)
    if "copy" in request.GET:
        form.initial["shared_note"] = found.shared_note or last
    if form.is_valid() and in_time(request, form):
        try:
            services.write_notes(
                lesson=found,
                by=request.user,
                content=form.content(),
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except NotPossible as error:
            lesson_or_404(request.user, lesson, "change")
            form.refuse(error)
        except CollectionIsOff:
            form.add_error(None, collection_is_off(found.teaching.student.name))
        else:
            messages.success(request, _("Saved."), extra_tags=draft_key)
            return redirect(next_address(request, reverse("lessons:lesson-detail", args=[lesson])))
    context = {
        "last": last,
        "draft_key": draft_key,
        "form": form,
        "lesson": found,
        "student": found.teaching.student,
    }
    return render(request, "lessons/lesson_notes.html", context)


@post_only("lessons:week")
def lesson_attendance(request: UserRequest, lesson: UUID) -> HttpResponse:
    """Who was there, by one press in the week; twice is as good as once."""
    found = lesson_or_404(request.user, lesson, "change")
    if writes_too_often(request):
        return slow_down(request)
    said = request.POST.get("attendance", "")
    try:
        services.note_attendance(lesson=found, by=request.user, attendance=said, now=timezone.now())
    except services.AttendanceIsNotYet:
        messages.warning(request, not_yet())
    except NotPossible:
        messages.warning(request, _("This was deleted or closed to you meanwhile."))
    except CollectionIsOff:
        messages.warning(request, collection_is_off(found.teaching.student.name))
    return redirect(next_address(request, reverse("lessons:week")))
