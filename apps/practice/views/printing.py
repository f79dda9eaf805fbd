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

from .filtering import asked_of, context_of, filtered_head


@login_required
@require_safe
def entry_print(request: UserRequest, student: UUID) -> HttpResponse:
    """Whoever may read the diary prints what they may read of it."""
    head = filtered_head(request, student)
    asked = asked_of(request, head, "practice:entry-print")
    if asked.elsewhere:
        return asked.elsewhere
    now = timezone.now()
    sheet = queries.sheet_of(request.user, head, asked.filters, now=now)
    path = reverse("practice:entry-print", args=[student])
    context = {
        "sheet": sheet,
        "asked": asked.filters,
        "now": now,
        **context_of(asked, sheet.filters, path),
        "chips": queries.chips(asked.filters, asked.choices),
    }
    return render(request, "practice/entry_print.html", context)
