"""The log of one thing."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, in_time, post_only, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.gear import services
from apps.gear.forms import CareEditForm
from apps.gear.models import Care
from apps.repertoire.services import GoneMeanwhile
from apps.repertoire.views.doors import is_done

from .doors import gear_or_404
from .gear import care_form, detail_context

care_or_404 = Door(lambda reader: Care.objects.select_related("gear__student"))


@post_only("gear:gear-detail", "gear")
def care_add(request: UserRequest, gear: UUID) -> HttpResponse:
    found = gear_or_404(request.user, gear, "change")
    form = care_form(request, found)
    if form.is_valid() and in_time(request, form):

        def write() -> None:
            services.add_care(
                key=form.cleaned_data["key"],
                gear=found,
                by=request.user,
                content=form.content(),
                now=timezone.now(),
            )

        if is_done(form, write, found.student, request.user):
            messages.success(request, _("Saved."))
            return redirect("gear:gear-detail", found.pk)
    context = detail_context(request, found) | {"care_form": form}
    return render(request, "gear/gear_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def care_edit(request: UserRequest, care: UUID) -> HttpResponse:
    found = care_or_404(request.user, care, "change")
    if request.method == "POST" and "remove" in request.POST:
        return _removed(request, found)
    form = CareEditForm(request.POST if request.method == "POST" else None, row=found)
    if form.is_valid() and in_time(request, form):

        def write() -> None:
            services.change_care(
                care=found,
                by=request.user,
                content=form.content(),
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )

        if is_done(form, write, found.gear.student, request.user):
            messages.success(request, _("Changed."))
            return redirect("gear:gear-detail", found.gear_id)
    return render(request, "gear/care_edit.html", {"care": found, "gear": found.gear, "form": form})


def _removed(request: UserRequest, care: Care) -> HttpResponse:
    """Twice is as good as once."""
    if writes_too_often(request):
        return slow_down(request)
    with contextlib.suppress(GoneMeanwhile):
        services.delete_care(care=care, by=request.user, now=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect("gear:gear-detail", care.gear_id)
