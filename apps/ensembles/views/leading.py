"""The teacher's pages: who shall play together."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, in_time, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.core.access import is_allowed
from apps.ensembles import queries, services
from apps.ensembles.forms import EnsembleForm, PupilsForm
from apps.ensembles.models import Ensemble

ensemble_or_404 = Door(lambda reader: Ensemble.objects.all())
_with_members_or_404 = Door(lambda reader: queries.with_members(Ensemble.objects.all()))


@login_required
@require_safe
def ensemble_list(request: UserRequest) -> HttpResponse:
    """The teacher's own; without any it says what they are for."""
    found = [(each, queries.members_of(each)) for each in queries.ensembles_of(request.user)]
    return render(request, "ensembles/ensemble_list.html", {"ensembles": found})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ensemble_create(request: UserRequest) -> HttpResponse:
    """Nobody who says that they are under 18 brings others together."""
    if not is_allowed("invite_pupil", request.user, request.user):
        return render(request, "private_teaching/not_grown_up.html", status=403)
    pupils = queries.pupils_of(request.user)
    form = EnsembleForm(request.POST if request.method == "POST" else None, pupils=pupils)
    if form.is_valid() and in_time(request, form):
        try:
            made = services.create_ensemble(teacher=request.user, now=timezone.now(), **form.cleaned_data)
        except services.NotPossible as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved. The families find the question on their pages."))
            return redirect("ensembles:ensemble-detail", made.pk)
    return render(request, "ensembles/ensemble_create.html", {"form": form, "pupils": pupils})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ensemble_detail(request: UserRequest, ensemble: UUID) -> HttpResponse:
    """Its players, and a form to ask more."""
    found = _with_members_or_404(request.user, ensemble, "change")
    pupils = queries.pupils_of(request.user, ensemble=found)
    form = PupilsForm(request.POST if request.method == "POST" else None, pupils=pupils)
    if form.is_valid() and in_time(request, form):
        try:
            services.ask_pupils(ensemble=found, by=request.user, now=timezone.now(), **form.cleaned_data)
        except services.NotPossible as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved. The families find the question on their pages."))
            return redirect("ensembles:ensemble-detail", found.pk)
    context = {"ensemble": found, "members": queries.members_of(found), "form": form, "pupils": pupils}
    return render(request, "ensembles/ensemble_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ensemble_end(request: UserRequest, ensemble: UUID) -> HttpResponse:
    found = ensemble_or_404(request.user, ensemble, "change")
    if request.method != "POST":
        return render(request, "ensembles/ensemble_end.html", {"ensemble": found})
    if writes_too_often(request):
        return slow_down(request)
    services.end_ensemble(ensemble=found, by=request.user, now=timezone.now())
    messages.success(request, _("The ensemble has ended."))
    return redirect("ensembles:ensemble-list")
