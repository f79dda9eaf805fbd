"""Reporting something, and leaving a look."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.http import UserRequest, in_time, post_only

from . import services
from .forms import ReportForm
from .items import Item
from .middleware import LOOK
from .models import Impersonation


def report_page(request: UserRequest, item: Item) -> HttpResponse:
    """The page on which an item is reported. The view that calls this has the door to the item."""
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):
        services.report_item(item=item, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you for telling us. A grown-up at Woodshed reads it soon."))
        return redirect(item.back_url)
    return render(request, "safeguarding/report.html", {"form": form, "item": item})


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
