"""The list of a student's skills, and one skill."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, in_time, slow_down, writes_too_often
from apps.repertoire import queries, services
from apps.repertoire.above import parts_for
from apps.repertoire.forms import NoteForm, SkillAddForm, SkillEditForm
from apps.repertoire.models import Skill

from .doors import is_done, skill_or_404, student_or_404
from .pieces import words_of


@login_required
@require_safe
def skill_list(request: UserRequest, student: UUID) -> HttpResponse:
    found, words = student_or_404(request.user, student), words_of(request)
    groups = queries.skills_by_category(request.user, found, words)
    context = {"student": found, "words": words, "groups": groups}
    return render(request, "repertoire/skill_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def skill_add(request: UserRequest, student: UUID) -> HttpResponse:
    found = student_or_404(request.user, student, "keep_repertoire")
    form = SkillAddForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):
        data = form.cleaned_data

        def write() -> None:
            services.add_skill(
                key=data["key"],
                student=found,
                by=request.user,
                content=form.content(),
                words=data["words"],
                now=timezone.now(),
            )

        if is_done(form, write, found, request.user):
            messages.success(request, _("Saved."))
            return redirect("repertoire:skill-detail", data["key"])
    return render(request, "repertoire/skill_add.html", {"student": found, "form": form})


@login_required
@require_safe
def skill_detail(request: UserRequest, skill: UUID) -> HttpResponse:
    found = skill_or_404(request.user, skill)
    return render(request, "repertoire/skill_detail.html", detail_context(request, found))


def detail_context(request: UserRequest, skill: Skill, form: NoteForm | None = None) -> dict[str, object]:
    return {
        "skill": skill,
        "student": skill.student,
        "notes": queries.notes_about(skill, request.user),
        "parts": parts_for(request.user, skill),
        "note_form": form or (note_form(request, skill) if vars(skill)["may_change"] else None),
    }


def note_form(request: UserRequest, skill: Skill) -> NoteForm:
    """Empty, or with what was sent."""
    readers = queries.note_readers(skill, request.user, is_family=vars(skill)["may_delete"])
    return NoteForm(request.POST if request.method == "POST" else None, readers=readers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def skill_edit(request: UserRequest, skill: UUID) -> HttpResponse:
    found = skill_or_404(request.user, skill, "change")
    if request.method == "POST" and "remove" in request.POST:
        return _removed(request, found)
    form = SkillEditForm(request.POST if request.method == "POST" else None, row=found)
    if form.is_valid() and in_time(request, form):

        def write() -> None:
            services.change_skill(
                skill=found,
                by=request.user,
                content=form.content(),
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )

        if is_done(form, write, found.student, request.user):
            messages.success(request, _("Changed."))
            return redirect("repertoire:skill-detail", found.pk)
    return render(request, "repertoire/skill_edit.html", {"skill": found, "form": form})


def _removed(request: UserRequest, skill: Skill) -> HttpResponse:
    """For the family alone; twice is as good as once."""
    if not vars(skill)["may_delete"]:
        raise PermissionDenied
    if writes_too_often(request):
        return slow_down(request)
    with contextlib.suppress(services.GoneMeanwhile):
        services.delete_skill(skill=skill, by=request.user, now=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect("repertoire:skill-list", skill.student_id)
