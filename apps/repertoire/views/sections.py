"""Sections of a piece."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, in_time, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.repertoire import services
from apps.repertoire.forms import SectionAddForm, SectionEditForm
from apps.repertoire.models import PieceSection

from .doors import is_done, piece_or_404

section_or_404 = Door(lambda reader: PieceSection.objects.all())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_add(request: UserRequest, piece: UUID) -> HttpResponse:
    found = piece_or_404(request.user, piece, "change")
    form = SectionAddForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):

        def write() -> None:
            services.add_section(
                key=form.cleaned_data["key"],
                piece=found,
                by=request.user,
                content=form.content(),
                now=timezone.now(),
            )

        if is_done(form, write, found.student, request.user):
            messages.success(request, _("Saved."))
            return redirect("repertoire:piece-detail", found.pk)
    return render(request, "repertoire/section_add.html", {"piece": found, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: UserRequest, section: UUID) -> HttpResponse:
    found = section_or_404(request.user, section, "change")
    piece = piece_or_404(request.user, found.piece_id, "change")
    if request.method == "POST" and "remove" in request.POST:
        return _removed(request, found)
    form = SectionEditForm(request.POST if request.method == "POST" else None, row=found)
    if form.is_valid() and in_time(request, form):

        def write() -> None:
            services.change_section(
                section=found,
                by=request.user,
                content=form.content(),
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )

        if is_done(form, write, piece.student, request.user):
            messages.success(request, _("Changed."))
            return redirect("repertoire:piece-detail", found.piece_id)
    context = {"section": found, "piece": piece, "form": form}
    return render(request, "repertoire/section_edit.html", context)


def _removed(request: UserRequest, section: PieceSection) -> HttpResponse:
    """Twice is as good as once."""
    if writes_too_often(request):
        return slow_down(request)
    with contextlib.suppress(services.GoneMeanwhile):
        services.delete_section(section=section, by=request.user, now=timezone.now())
    messages.success(request, _("The section is gone. Notes about it stay with the piece."))
    return redirect("repertoire:piece-detail", section.piece_id)
