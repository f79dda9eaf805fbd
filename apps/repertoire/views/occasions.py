"""Exams and performances: the list, a new one, changing one. What one came to shows the diary's own page."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, in_time, slow_down, writes_too_often
from apps.accounts.models import User
from apps.accounts.prepared import Door
from apps.core.access import with_permission
from apps.repertoire import queries, services
from apps.repertoire.evidence import only_hand, said_by
from apps.repertoire.models import Occasion
from apps.repertoire.occasion_forms import OccasionAddForm, OccasionEditForm
from apps.safeguarding.items import Item
from apps.safeguarding.views import report_page

from .doors import is_done, student_or_404


def _occasions(reader: User) -> QuerySet[Occasion]:
    found = Occasion.objects.select_related("student", "added_by", "changed_by")
    return with_permission(found, reader, may_change="change", may_delete="delete")


# The occasion with its student and with what this user may do.
occasion_or_404 = Door(_occasions)


@login_required
@require_safe
def occasion_list(request: UserRequest, student: UUID) -> HttpResponse:
    found = student_or_404(request.user, student)
    rows = queries.occasions_of(request.user, found, found.today(timezone.now()))
    return render(request, "repertoire/occasion_list.html", {"student": found, "occasions": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def occasion_add(request: UserRequest, student: UUID) -> HttpResponse:
    found = student_or_404(request.user, student, "keep_repertoire")
    data = request.POST if request.method == "POST" else None
    form = OccasionAddForm(data, pieces=queries.pieces_to_name(found))
    if form.is_valid() and in_time(request, form):
        key = form.cleaned_data["key"]

        def write() -> None:
            services.add_occasion(
                key=key, student=found, by=request.user, content=form.content(), now=timezone.now()
            )

        if is_done(form, write, found, request.user):
            messages.success(request, _("Saved."))
            return redirect("practice:occasion-detail", key)
    return render(request, "repertoire/occasion_add.html", {"student": found, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def occasion_edit(request: UserRequest, occasion: UUID) -> HttpResponse:
    found = occasion_or_404(request.user, occasion, "change")
    if request.method == "POST" and "remove" in request.POST:
        return _removed(request, found)
    data = request.POST if request.method == "POST" else None
    form = OccasionEditForm(data, row=found, pieces=queries.pieces_to_name(found.student, found))
    if form.is_valid() and in_time(request, form):

        def write() -> None:
            services.change_occasion(
                occasion=found,
                by=request.user,
                content=form.content(),
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )

        if is_done(form, write, found.student, request.user):
            messages.success(request, _("Changed."))
            return redirect("practice:occasion-detail", found.pk)
    return render(request, "repertoire/occasion_edit.html", {"occasion": found, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def occasion_report(request: UserRequest, occasion: UUID) -> HttpResponse:
    """Whoever can read it may tell the safeguarding team: a result is words too."""
    found = occasion_or_404(request.user, occasion)
    item = Item(
        kind="occasion",
        pk=found.pk,
        student_id=found.student_id,
        author_id=only_hand([found]),
        text=said_by(found, found.title, found.board, found.grade, found.result),
        title=_("What is noted about %(name)s") % {"name": found.title},
        back_url=reverse("practice:occasion-detail", args=[occasion]),
    )
    return report_page(request, item)


def _removed(request: UserRequest, occasion: Occasion) -> HttpResponse:
    """For the family alone; twice is as good as once."""
    if not vars(occasion)["may_delete"]:
        raise PermissionDenied
    if writes_too_often(request):
        return slow_down(request)
    with contextlib.suppress(services.GoneMeanwhile):
        services.delete_occasion(occasion=occasion, by=request.user, now=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect("repertoire:occasion-list", occasion.student_id)
