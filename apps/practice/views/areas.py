"""A student's own focus areas: the list for the family, another name, away with one."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, collection_is_off, in_time, slow_down, writes_too_often
from apps.accounts.services import CollectionIsOff
from apps.core.access import get_allowed_or_404
from apps.practice.area_forms import AreaNameForm
from apps.practice.models import FocusArea
from apps.practice.services import areas as services

from .doors import head_or_404


@login_required
@require_safe
def area_list(request: UserRequest, student: UUID) -> HttpResponse:
    head = head_or_404(request.user, student, "name_areas")
    areas = FocusArea.objects.offered_to(student).in_order()
    return render(request, "practice/area_list.html", {"head": head, "areas": areas})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def area_edit(request: UserRequest, area: UUID) -> HttpResponse:
    """Another name, or away with it."""
    rows = FocusArea.objects.select_related("student")
    found = get_allowed_or_404(rows, "change", request.user, slug=area.hex)
    if "remove" in request.POST:
        if writes_too_often(request):
            return slow_down(request)
        services.remove_area(area=found)
        messages.success(request, _("Removed. Sessions that have it keep it."))
        return redirect("practice:area-list", found.student_id)
    form = AreaNameForm(request.POST if request.method == "POST" else None, name=found.name)
    if form.is_valid() and in_time(request, form) and _renamed(form, found):
        messages.success(request, _("Saved."))
        return redirect("practice:area-list", found.student_id)
    context = {"area": found, "student": found.student, "form": form}
    return render(request, "practice/area_edit.html", context)


def _renamed(form: AreaNameForm, area: FocusArea) -> bool:
    try:
        services.rename_area(area=area, name=form.cleaned_data["name"])
    except services.AreaNameIsUsed:
        form.add_error("name", _("There is one with this name already. Choose another name."))
    except CollectionIsOff:
        assert area.student is not None  # noqa: S101  (the rule knows own ones alone)
        form.add_error(None, collection_is_off(area.student.name))
    else:
        return True
    return False
