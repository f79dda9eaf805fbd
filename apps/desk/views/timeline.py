"""Everything about one pupil, in time."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.doors import student_or_404
from apps.accounts.http import UserRequest
from apps.core.days import day_in_address
from apps.desk.queries.timeline import timeline_of


@login_required
@require_safe
def timeline(request: UserRequest, student: UUID) -> HttpResponse:
    """A day that makes no sense is today."""
    found = student_or_404(request.user, student, "brief")
    until = day_in_address(request.GET.get("until", ""))
    page = timeline_of(request.user, found, until, now=timezone.now())
    context = {"student": found, "timeline": page, "is_first": until is None}
    return render(request, "desk/timeline.html", context)
