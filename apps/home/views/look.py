"""How the pages look: the reader's choice of colours, and the developers' styleguide."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.core.addresses import next_address
from apps.home.styleguide import samples

THEMES = ("light", "dark", "system")
THEME_COOKIE = "theme"
THEME_COOKIE_AGE = timedelta(days=365)


@require_POST
def theme_set(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or "as the device" in a cookie (templates and page.js read it)."""
    response = redirect(next_address(request, reverse("home:landing")))
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=THEME_COOKIE_AGE, samesite="Lax", secure=request.is_secure()
        )
    return response


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """For developers; on an installation only staff find it."""
    if not (settings.DEBUG or getattr(request.user, "is_staff", False)):
        raise Http404
    return render(request, "home/styleguide.html", samples(timezone.now()))
