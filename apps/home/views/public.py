"""The front page for everybody, and the doors behind it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest, post_only
from apps.accounts.services import hide_checklist
from apps.core.addresses import next_address
from apps.home.roles import roles_of


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The public front page; a signed-in person goes to their own first page."""
    if request.user.is_authenticated:
        return redirect("home:index")
    return render(request, "home/landing.html")


@require_safe
@login_required
def index(request: UserRequest) -> HttpResponse:
    """Each person's own first page; staff who neither teach nor practise nor guard come for their work."""
    page = roles_of(request.user).first_page
    return redirect("admin:index" if page == "home:start" and request.user.is_staff else page)


@post_only("home:index")
def checklist_hide(request: UserRequest) -> HttpResponse:
    """Put the first steps away for good."""
    hide_checklist(user=request.user, now=timezone.now())
    return redirect(next_address(request, reverse("home:index")))
