"""The guardian's one page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest
from apps.accounts.queries import faces_for
from apps.parent_portal.queries import family_page


@require_safe
@login_required
def overview(request: UserRequest) -> HttpResponse:
    """All children of the guardian; without any, the page says how one gets here."""
    page = family_page(request.user, now=timezone.now())
    faces = faces_for(request.user, (child.comment.author for child in page.children if child.comment))
    return render(request, "parent_portal/overview.html", {"page": page, "faces": faces})
