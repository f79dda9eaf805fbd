"""Reporting something, and leaving a look."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, in_time, post_only
from apps.accounts.models import User
from apps.core.access import get_allowed_or_404

from . import services
from .forms import ReportForm
from .items import PHOTO, Item
from .middleware import LOOK
from .models import Impersonation
from .shown import seal, sealed


def report_page(request: UserRequest, item: Item) -> HttpResponse:
    """The page on which an item is reported. The view that calls this has the door to the item."""
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):
        services.report_item(item=item, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you for telling us. A grown-up at Woodshed reads it soon."))
        return redirect(item.back_url)
    return render(request, "safeguarding/report.html", {"form": form, "item": item})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def photo_report(request: UserRequest, person: UUID) -> HttpResponse:
    """Whoever sees somebody's photo may report it; one's own is removed on the settings. Whoever had this
    page before them still may when the photo is gone, or even
    the person: what they say is not lost."""
    path = sealed(request.POST.get("shown", ""), reader=request.user, person=person)
    found: User | None
    if path:
        found, shown = User.objects.filter(pk=person).first(), path
    else:
        others = User.objects.exclude(avatar="").exclude(pk=request.user.pk)
        found = get_allowed_or_404(others, "see_face", request.user, pk=person)
        shown = found.avatar
    item = Item(
        kind=PHOTO,
        pk=person,
        student_id=None,
        author_id=person,
        # A name that says nothing, but whether it is still the same photo.
        text=path,
        title=_("The photo of %(name)s") % {"name": found.get_full_name()}
        if found
        else _("A photo of somebody who has left"),
        back_url=reverse("home:index"),
        shown=seal(shown, reader=request.user, person=person),
    )
    return report_page(request, item)


@post_only("home:index")
def look_leave(request: UserRequest) -> HttpResponse:
    """Back to being oneself; without a look there is nothing to leave."""
    key = request.session.pop(LOOK, None)
    rows = Impersonation.objects.select_related("person")
    look = rows.filter(pk=key, staff=request.user).first() if key is not None else None
    if look is None:
        return redirect("home:index")
    services.end_look(look=look, by=request.user, now=timezone.now())
    return redirect("admin:safeguarding_impersonation_changelist")
