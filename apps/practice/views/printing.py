"""A diary on paper: the entries of some days, with the filters of the history."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest
from apps.practice import queries

from .doors import head_or_404


@login_required
@require_safe
def entry_print(request: UserRequest, student: UUID) -> HttpResponse:
    """Whoever may read the diary prints what they may read of it."""
    head = head_or_404(request.user, student)
    now = timezone.now()
    asked = queries.read_filters(request.GET, head)
    sheet = queries.sheet_of(request.user, head, asked, now=now)
    context = {
        "head": head,
        "sheet": sheet,
        "filters": sheet.filters,
        "asked": asked,
        "focus_areas": head.areas,
        "path": reverse("practice:entry-print", args=[head.student.pk]),
        "now": now,
    }
    return render(request, "practice/entry_print.html", context)
