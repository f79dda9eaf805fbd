"""Giving something to practise, changing it, giving what is left once more."""

import contextlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, collection_is_off, in_time, slow_down, writes_too_often
from apps.accounts.services import CollectionIsOff
from apps.assignments import services
from apps.assignments.above import groups_for
from apps.assignments.content import StepContent
from apps.assignments.forms import CarryForm, EditForm, GiveForm, begin_like, contents_of, steps_formset
from apps.assignments.library_queries import contents_of_template
from apps.assignments.log_forms import key_of
from apps.assignments.models import Assignment, Template
from apps.assignments.queries import AssignmentNow, names_to_offer, teachings_to_assign
from apps.core.addresses import next_address
from apps.repertoire.services import GoneMeanwhile, NotPossible

from .doors import assignment_or_404, template_or_404

# More names than these are a number.
MOST_NAMES = 10


def draft_key(request: UserRequest) -> str:
    """Of what is begun for one pupil, like something, or from a template: each its own words."""
    asked = [request.GET.get(name, "") for name in ("teaching", "like", "template")]
    return ":".join(["assignment", str(request.user.pk), *filter(None, asked)])


def say_given(request: UserRequest, given: services.Given, *, draft: str = "") -> None:
    names = list(dict.fromkeys(given.names))
    if len(names) > MOST_NAMES:
        text = ngettext("Given to %(count)d student.", "Given to %(count)d students.", len(names))
        messages.success(request, text % {"count": len(names)}, extra_tags=draft)
    else:
        messages.success(request, _("Given to %(names)s.") % {"names": ", ".join(names)}, extra_tags=draft)
    for name in dict.fromkeys(given.refused):
        messages.warning(request, collection_is_off(name))
    if given.left_out:
        words = {"names": ", ".join(dict.fromkeys(given.left_out))}
        messages.warning(request, _("Left out, because the lessons ended or pause: %(names)s.") % words)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_add(request: UserRequest) -> HttpResponse:
    """To one student, or to many; the address may name its lesson, or one that it is like."""
    data: Any = request.POST if request.method == "POST" else None
    teachings = teachings_to_assign(request.user)
    like, contents = _like(request) if data is None else (None, [])
    asked: dict[str, Any] = {
        "students": [request.GET.get("teaching", "")],
        "lesson": request.GET.get("lesson"),
    }
    asked |= begin_like(like) if like else {}
    form = GiveForm(data, teachings=teachings, groups=groups_for(request.user), initial=asked)
    steps = steps_formset(data, steps=contents)
    if form.is_valid() & steps.is_valid() and in_time(request, form):
        try:
            given = services.give(
                key=form.cleaned_data["key"],
                teachings=form.chosen(),
                by=request.user,
                content=form.content(contents_of(steps)),
                lesson=form.cleaned_data["lesson"],
                now=timezone.now(),
            )
        except NotPossible as error:
            form.refuse(error)
        else:
            say_given(request, given, draft=draft_key(request))
            there = reverse("home:roster")
            if len(given.assignments) == 1:
                there = reverse("assignments:assignment-detail", args=[given.assignments[0].pk])
            return redirect(next_address(request, there))
    one = key_of(request.GET.get("teaching", ""))
    known = names_to_offer(request.user, one) if one else []
    context = {"form": form, "steps": steps, "teachings": teachings, "known": known}
    return render(request, "assignments/assignment_add.html", context | {"draft_key": draft_key(request)})


def _like(request: UserRequest) -> tuple[Assignment | Template | None, list[StepContent]]:
    """One of one's own, given before or in the library; what is not there, or not theirs, is none."""
    given, kept = key_of(request.GET.get("like", "")), key_of(request.GET.get("template", ""))
    try:
        if given is not None:
            found = assignment_or_404(request.user, given, "change")
            return found.row, found.contents
        if kept is not None:
            row = template_or_404(request.user, kept, "change")
            return row, contents_of_template(row)
    except (Http404, PermissionDenied):
        pass
    return None, []


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_edit(request: UserRequest, assignment: UUID) -> HttpResponse:
    found = assignment_or_404(request.user, assignment, "change")
    data: Any = request.POST if request.method == "POST" else None
    if data and "remove" in data:
        return _removed(request, found)
    form, steps = EditForm(data, found=found), steps_formset(data, steps=found.contents)
    if form.is_valid() & steps.is_valid() and in_time(request, form):
        try:
            services.change_assignment(
                assignment=found.row,
                by=request.user,
                content=form.content(contents_of(steps)),
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except NotPossible as error:
            assignment_or_404(request.user, assignment, "change")
            form.refuse(error)
        except CollectionIsOff:
            form.add_error(None, collection_is_off(found.row.teaching.student.name))
        else:
            messages.success(request, _("Saved."))
            return redirect("assignments:assignment-detail", assignment)
    context = {"form": form, "steps": steps, "assignment": found.row, "student": found.row.teaching.student}
    return render(request, "assignments/assignment_edit.html", context)


def _removed(request: UserRequest, found: AssignmentNow) -> HttpResponse:
    """Twice is as good as once."""
    if writes_too_often(request):
        return slow_down(request)
    with contextlib.suppress(GoneMeanwhile):
        services.delete_assignment(assignment=found.row, by=request.user, now=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect("assignments:student-assignments", found.row.teaching.student_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_carry(request: UserRequest, assignment: UUID) -> HttpResponse:
    """What is left of it, once more."""
    found = assignment_or_404(request.user, assignment, "change")
    left = [step for step in found.steps if not step.progress.is_done]
    form = CarryForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):
        try:
            given = services.carry_over(
                assignment=found.row,
                by=request.user,
                left=[step.pk for step in left],
                due_on=form.cleaned_data["due_on"],
                key=form.cleaned_data["key"],
                now=timezone.now(),
            )
        except NotPossible as error:
            form.refuse(error)
        else:
            say_given(request, given)
            return redirect("assignments:assignment-detail", given.assignments[0].pk)
    context = {"form": form, "left": left, "assignment": found.row, "student": found.row.teaching.student}
    return render(request, "assignments/assignment_carry.html", context)
