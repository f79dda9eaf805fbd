"""What an exam or a performance came to: it stands here, where the entries are."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest
from apps.practice import queries
from apps.repertoire.evidence import has_other_hands
from apps.repertoire.views.occasions import occasion_or_404


@login_required
@require_safe
def occasion_detail(request: UserRequest, occasion: UUID) -> HttpResponse:
    found = occasion_or_404(request.user, occasion)
    progress = queries.progress_of(found, request.user, found.student.today(timezone.now()))
    context = {
        "occasion": found,
        "student": found.student,
        "progress": progress,
        "may_report": has_other_hands([found], request.user),
    }
    return render(request, "practice/occasion_detail.html", context)
