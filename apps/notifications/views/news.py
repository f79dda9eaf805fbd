"""What somebody was told: the list, the way to each, and all of it read."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest, post_only, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.notifications import queries
from apps.notifications.models import Notification
from apps.notifications.services import told

notification_or_404 = Door(lambda reader: Notification.objects.all())


@login_required
@require_safe
def news_list(request: UserRequest) -> HttpResponse:
    """Looking at it marks nothing."""
    found = queries.news_of(request.user, request.GET.get("page"))
    return render(request, "notifications/news_list.html", {"news": found})


@post_only("notifications:news-list")
def news_open(request: UserRequest, notification: UUID) -> HttpResponse:
    """It is read now, and leads to what it is about; what is gone meanwhile leads back to the list."""
    row = notification_or_404(request.user, notification, "view")
    if writes_too_often(request):
        return slow_down(request)
    told.read(notification=row, by=request.user, now=timezone.now())
    line = queries.lines_of(request.user, [row]).get(row.pk)
    if line is None:
        messages.info(request, _("That is gone, or not yours to see any more."))
        return redirect("notifications:news-list")
    return redirect(line.url)


@post_only("notifications:news-list")
def news_read_all(request: UserRequest) -> HttpResponse:
    """All that the page knew of; a moment that makes no sense is none."""
    if writes_too_often(request):
        return slow_down(request)
    until = _moment(request.POST.get("until", ""))
    if until is not None:
        told.read_all(by=request.user, until=until, now=timezone.now())
    return redirect("notifications:news-list")


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
