"""The list of a student's gear, and one thing with its log."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, in_time, post_only, slow_down, writes_too_often
from apps.core.access import allowed
from apps.core.addresses import next_address
from apps.gear import queries, services
from apps.gear.forms import CareAddForm, GearAddForm, GearEditForm
from apps.gear.models import Care, Gear
from apps.repertoire.evidence import has_other_hands, only_hand, said_by
from apps.repertoire.services import GoneMeanwhile
from apps.repertoire.views.doors import is_done
from apps.safeguarding.items import Item
from apps.safeguarding.views import report_page

from .doors import gear_or_404, student_or_404


@login_required
@require_safe
def gear_list(request: UserRequest, student: UUID) -> HttpResponse:
    found = student_or_404(request.user, student)
    rows = queries.gear_list(request.user, found, found.today(timezone.now()))
    return render(request, "gear/gear_list.html", {"student": found, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gear_add(request: UserRequest, student: UUID) -> HttpResponse:
    found = student_or_404(request.user, student, "keep_gear")
    form = GearAddForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):
        key = form.cleaned_data["key"]

        def write() -> None:
            services.add_gear(
                key=key, student=found, by=request.user, content=form.content(), now=timezone.now()
            )

        if is_done(form, write, found, request.user):
            messages.success(request, _("Saved."))
            return redirect("gear:gear-detail", key)
    return render(request, "gear/gear_add.html", {"student": found, "form": form})


@login_required
@require_safe
def gear_detail(request: UserRequest, gear: UUID) -> HttpResponse:
    found = gear_or_404(request.user, gear)
    return render(request, "gear/gear_detail.html", detail_context(request, found))


def detail_context(request: UserRequest, gear: Gear) -> dict[str, object]:
    student, cares = gear.student, list(log_of(request, gear))
    return {
        "gear": gear,
        "student": student,
        "due": queries.due_of(gear, student.today(timezone.now())),
        "cares": cares,
        "may_report": has_other_hands([gear, *cares], request.user),
        "care_form": care_form(request, gear) if vars(gear)["may_change"] else None,
    }


def log_of(request: UserRequest, gear: Gear) -> QuerySet[Care]:
    rows = Care.objects.filter(gear=gear).select_related("added_by", "changed_by").newest_first()
    return allowed(rows, "view", request.user)


def care_form(request: UserRequest, gear: Gear) -> CareAddForm:
    """Empty, with what this thing needs most often, or with what was sent."""
    data = request.POST if request.method == "POST" else None
    return CareAddForm(data, today=gear.student.today(timezone.now()), kind=gear.remind_of)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gear_edit(request: UserRequest, gear: UUID) -> HttpResponse:
    found = gear_or_404(request.user, gear, "change")
    if request.method == "POST" and "remove" in request.POST:
        return _removed(request, found)
    form = GearEditForm(request.POST if request.method == "POST" else None, row=found)
    if form.is_valid() and in_time(request, form):

        def write() -> None:
            services.change_gear(
                gear=found,
                by=request.user,
                content=form.content(),
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )

        if is_done(form, write, found.student, request.user):
            messages.success(request, _("Changed."))
            return redirect("gear:gear-detail", found.pk)
    return render(request, "gear/gear_edit.html", {"gear": found, "form": form})


def _removed(request: UserRequest, gear: Gear) -> HttpResponse:
    """Twice is as good as once."""
    if writes_too_often(request):
        return slow_down(request)
    with contextlib.suppress(GoneMeanwhile):
        services.delete_gear(gear=gear, by=request.user, now=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect("gear:gear-list", gear.student_id)


@post_only("gear:gear-detail", "gear")
def gear_hush(request: UserRequest, gear: UUID) -> HttpResponse:
    """From the first page: I know."""
    found = gear_or_404(request.user, gear, "change")
    if writes_too_often(request):
        return slow_down(request)
    with contextlib.suppress(GoneMeanwhile):
        services.hush(gear=found, by=request.user, now=timezone.now())
    return redirect(next_address(request, reverse("gear:gear-detail", args=[gear])))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gear_report(request: UserRequest, gear: UUID) -> HttpResponse:
    """Whoever can read it, with all that was noted there, may tell the safeguarding team."""
    found = gear_or_404(request.user, gear)
    cares = list(log_of(request, found))
    said = [
        said_by(found, found.name, found.notes),
        *(said_by(care, care.words) for care in cares if care.words),
    ]
    item = Item(
        kind="gear",
        pk=found.pk,
        student_id=found.student_id,
        author_id=only_hand([found, *(care for care in cares if care.words)]),
        text="\n".join(said),
        title=_("What is noted about %(name)s") % {"name": found.name},
        back_url=reverse("gear:gear-detail", args=[gear]),
    )
    return report_page(request, item)
