"""What a teacher keeps to give again."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, in_time, post_only, slow_down, writes_too_often
from apps.assignments import services
from apps.assignments.above import groups_for
from apps.assignments.forms import contents_of, steps_formset
from apps.assignments.library_forms import LibraryGiveForm, SearchForm, TemplateForm
from apps.assignments.library_queries import contents_of_template, library_of
from apps.assignments.log_forms import key_of
from apps.assignments.models import MOST_TEMPLATES
from apps.assignments.queries import teachings_to_assign
from apps.repertoire.services import NotPossible

from .doors import assignment_or_404, template_or_404
from .giving import say_given


@login_required
@require_safe
def library(request: UserRequest) -> HttpResponse:
    """All of it, or what has a word or a tag."""
    word, tag = SearchForm(request.GET).asked()
    context = {"library": library_of(request.user, word=word, tag=tag), "word": word, "tag": tag}
    return render(request, "assignments/library.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_add(request: UserRequest) -> HttpResponse:
    data: Any = request.POST if request.method == "POST" else None
    form, steps = TemplateForm(data), steps_formset(data)
    if form.is_valid() & steps.is_valid() and in_time(request, form):
        content, key = form.kept(contents_of(steps)), form.cleaned_data["key"]
        try:
            services.keep_template(key=key, by=request.user, content=content, now=timezone.now())
        except NotPossible as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("assignments:library")
    return render(request, "assignments/template_add.html", {"form": form, "steps": steps})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: UserRequest, template: UUID) -> HttpResponse:
    found = template_or_404(request.user, template, "change")
    data: Any = request.POST if request.method == "POST" else None
    if data and "remove" in data:
        if writes_too_often(request):
            return slow_down(request)
        found.delete()
        messages.success(request, _("Deleted."))
        return redirect("assignments:library")
    form = TemplateForm(data, template=found)
    steps = steps_formset(data, steps=contents_of_template(found))
    if form.is_valid() & steps.is_valid() and in_time(request, form):
        try:
            services.change_template(
                template=found,
                by=request.user,
                content=form.kept(contents_of(steps)),
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except NotPossible as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("assignments:library")
    context = {"form": form, "steps": steps, "template": found}
    return render(request, "assignments/template_edit.html", context)


@post_only("assignments:assignment-detail", "assignment")
def assignment_keep(request: UserRequest, assignment: UUID) -> HttpResponse:
    """Kept as it stands; its words may be changed at once."""
    found = assignment_or_404(request.user, assignment, "change")
    if writes_too_often(request):
        return slow_down(request)
    key = key_of(request.POST.get("key", "")) or uuid4()
    try:
        row = services.keep_assignment(key=key, assignment=found.row, by=request.user, now=timezone.now())
    except services.TooManyTemplates:
        text = _("Your library has %(most)d already. Delete one first.")
        messages.error(request, text % {"most": MOST_TEMPLATES})
        return redirect("assignments:library")
    except NotPossible:
        return redirect("assignments:assignment-detail", assignment)
    messages.success(request, _("Kept in your library."))
    return redirect("assignments:template-edit", row.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def library_give(request: UserRequest) -> HttpResponse:
    """Several at once; the address may name a tag, whose templates are chosen then, or one template."""
    data: Any = request.POST if request.method == "POST" else None
    _word, tag = SearchForm(request.GET).asked()
    every = library_of(request.user).found
    one = key_of(request.GET.get("template", ""))
    chosen = [row.pk for row in every if row.pk == one or (tag and tag in row.tags)]
    teachings, groups = teachings_to_assign(request.user), groups_for(request.user)
    form = LibraryGiveForm(data, templates=every, teachings=teachings, groups=groups, chosen=chosen)
    if form.is_valid() and in_time(request, form):
        try:
            given = services.give_templates(
                key=form.cleaned_data["key"],
                templates=form.cleaned_data["templates"],
                teachings=form.chosen(),
                by=request.user,
                due_on=form.cleaned_data["due_on"],
                now=timezone.now(),
            )
        except NotPossible as error:
            form.refuse(error)
        else:
            say_given(request, given)
            return redirect("home:roster")
    context = {"form": form, "templates": every, "teachings": teachings}
    return render(request, "assignments/library_give.html", context)
