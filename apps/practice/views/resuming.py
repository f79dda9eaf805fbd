"""The page for who sits down and does not know where to begin."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest
from apps.accounts.queries import faces_for
from apps.practice import queries

from .doors import head_or_404


@login_required
@require_safe
def entry_resume(request: UserRequest, student: UUID) -> HttpResponse:
    """Whoever may log sees what they may read of the newest sessions, and goes on with one press."""
    head = head_or_404(request.user, student, "log_practice", with_filters=True)
    found = queries.resume_of(request.user, head)
    faces = faces_for(request.user, (comment.author for comment in found.comments))
    return render(request, "practice/entry_resume.html", {"head": head, "found": found, "faces": faces})
