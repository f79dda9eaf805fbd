"""Putting a pupil aside for some days, and a teacher's own rules of whom to look at first."""

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.doors import student_or_404
from apps.accounts.http import (
    UserRequest,
    collection_is_off,
    in_time,
    post_only,
    slow_down,
    writes_too_often,
)
from apps.accounts.services import CollectionIsOff
from apps.core.templatetags.ui import day
from apps.desk import services
from apps.desk.forms import SnoozeForm, ThresholdsForm
from apps.desk.queries import pupil_of, thresholds_of
from apps.desk.triage import Thresholds


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def snooze(request: UserRequest, student: UUID) -> HttpResponse:
    """Why to look at the pupil, and until when not to; a pupil of whom all is well may be put aside, too."""
    found = student_or_404(request.user, student, "snooze")
    form = SnoozeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):
        try:
            row = services.snooze(student=found, by=request.user, now=timezone.now(), **form.cleaned_data)
        except CollectionIsOff:
            form.add_error(None, collection_is_off(found.name))
        else:
            text = _("%(student)s is put aside until %(day)s.")
            messages.success(request, text % {"student": found.name, "day": day(row.until)})
            return redirect("home:roster")
    pupil = pupil_of(request.user, found, now=timezone.now())
    return render(request, "desk/snooze.html", {"form": form, "student": found, "pupil": pupil})


@post_only("home:roster")
def wake(request: UserRequest, student: UUID) -> HttpResponse:
    found = student_or_404(request.user, student, "snooze")
    if writes_too_often(request):
        return slow_down(request)
    services.wake(student=found, by=request.user)
    messages.success(request, _("%(student)s stands among the others again.") % {"student": found.name})
    return redirect("home:roster")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: UserRequest) -> HttpResponse:
    now_set = asdict(thresholds_of(request.user))
    form = ThresholdsForm(request.POST if request.method == "POST" else None, initial=now_set)
    if form.is_valid() and in_time(request, form):
        services.set_thresholds(by=request.user, said=asdict(form.content()), now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("home:roster")
    return render(request, "desk/rules.html", {"form": form, "usual": Thresholds()})
