"""Signing the week that a teacher asks about, and what was signed."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, collection_is_off, in_time
from apps.accounts.prepared import Door
from apps.accounts.services import CollectionIsOff
from apps.practice import queries
from apps.practice.queries import AskedWeek
from apps.practice.services import signing
from apps.practice.sign_forms import SignWeekForm
from apps.private_teaching.models import Teaching

from .doors import head_or_404

WORDS = {
    signing.WeekIsNotAsked: _("Another week has ended meanwhile, or nobody asks any more."),
    signing.WeekIsSigned: _("Somebody else of the family was quicker: this week is signed."),
    signing.WeekHasChanged: _("The week has changed meanwhile. Please look at it again, then sign."),
}

teaching_or_404 = Door(lambda reader: Teaching.objects.select_related("student", "teacher"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def week_sign(request: UserRequest, teaching: UUID) -> HttpResponse:
    now = timezone.now()
    row = teaching_or_404(request.user, teaching, "sign_off")
    form = SignWeekForm(request.POST or None)
    if form.is_valid() and in_time(request, form):
        try:
            signing.sign_week(teaching=row, by=request.user, now=now, **form.cleaned_data)
        except CollectionIsOff:
            form.add_error(None, collection_is_off(row.student.name))
        except tuple(WORDS) as error:
            form.add_error(None, WORDS[type(error)])
        else:
            messages.success(request, gettext("Signed. The teacher sees it."))
            return redirect("practice:entry-list", row.student_id)
    # Asked after the attempt: what is shown is what a new one would sign.
    weeks = queries.asked_weeks_of(row, now=now)
    week = _chosen(weeks, request.POST.get("week", "") if form.is_bound else None)
    return render(request, "practice/week_sign.html", {"teaching": row, "week": week, "form": form})


def _chosen(weeks: Sequence[AskedWeek], sent: str | None) -> AskedWeek | None:
    """The week that was sent and no other one, for the note was written about it; where nothing was sent,
    the first that there is something to sign of."""
    if sent is not None:
        return next((week for week in weeks if week.first.isoformat() == sent), None)
    return next(iter([*(week for week in weeks if week.is_open), *weeks]), None)


@login_required
@require_safe
def sign_off_list(request: UserRequest, student: UUID) -> HttpResponse:
    """Every week that was signed, with what was said along; a guest sees none."""
    head = head_or_404(request.user, student)
    page = queries.sign_offs_page(request.user, head.student.pk, request.GET.get("page"))
    path = reverse("practice:sign-off-list", args=[head.student.pk])
    context = {
        "head": head,
        "rows": page.rows,
        "changed": queries.changed_since(page.rows),
        "newer_url": f"{path}?page={page.newer}" if page.newer else None,
        "older_url": f"{path}?page={page.older}" if page.older else None,
    }
    return render(request, "practice/sign_off_list.html", context)
