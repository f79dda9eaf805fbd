"""The door of a child's session: which pages it opens, and whether it still holds."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from . import sessions
from .permissions import CHILD_PAGES

GetResponse = Callable[[HttpRequest], HttpResponse]


class ChildDoorMiddleware:
    """A child's account opens the pages of ``CHILD_PAGES``; every other one is shut, whatever its own rules.

    A second lock beside the access rules: pages about one's own account ask no rule.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        child = sessions.child_of(request)
        if child is None:
            return self.get_response(request)
        now = timezone.now()
        if not sessions.still_holds(request, child, now):
            return self.end(request)
        sessions.prolong(request, now)
        return self.get_response(request)

    def end(self, request: HttpRequest) -> HttpResponse:
        """Signed out at once; scripts are told, too, so that none takes the page for an answer."""
        logout(request)
        messages.info(request, _("You were signed out. Ask a grown-up to let you in again."))
        if request.headers.get("X-Requested-With"):
            return HttpResponse(status=401)
        page = redirect("children:sign-in")
        return HttpResponseClientRedirect(page.url) if request.headers.get("HX-Request") else page

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if sessions.child_of(request) is None or match is None or match.view_name in CHILD_PAGES:
            return None
        return render(request, "children/closed.html", status=403)
