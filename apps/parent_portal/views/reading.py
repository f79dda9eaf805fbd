"""Reading along by a link, without an account (ADR 0019).

The token is the key of these pages, so they do not go through ``get_allowed_or_404``; nothing is changed
by a GET, because mail scanners follow links. What never was, is over or was ended answers alike.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import services
from apps.accounts.http import slow_down, writes_too_often
from apps.accounts.models import ReaderLink
from apps.core.tokens import hash_token
from apps.parent_portal.queries.weeks import read_week

View = Callable[..., HttpResponse]
SALT = "parent_portal.reading"


def unlisted(view: View) -> View:
    """For no cache, no search engine and no Referer, as ``secret_link`` does it; but without a date in the
    headers, so that two addresses that open nothing answer byte for byte alike."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "strict-origin"
        patch_cache_control(response, max_age=0, no_cache=True, no_store=True, private=True)
        return response

    return wrapped


def find(token: str, now: datetime) -> ReaderLink | None:
    return ReaderLink.objects.live(now).filter(token_hash=hash_token(token)).first()


def lost(request: HttpRequest) -> HttpResponse:
    return render(request, "parent_portal/reading_lost.html", status=404)


def opened_link(request: HttpRequest, now: datetime) -> ReaderLink | None:
    """What this browser has opened, if it still opens something: asked anew for each page."""
    hours = timedelta(hours=settings.READER_COOKIE_HOURS)
    value = request.get_signed_cookie(settings.READER_COOKIE_NAME, default="", salt=SALT, max_age=hours)
    key, _colon, mark = (value or "").partition(":")
    if not mark:
        return None
    rows = ReaderLink.objects.live(now).select_related("student", "made_by")
    link = rows.filter(pk=key).first()
    return link if link is not None and compare_digest(mark, link.token_hash) else None


def remember(response: HttpResponse, link: ReaderLink, now: datetime) -> None:
    """A cookie for these pages and this link alone. It signs nobody in."""
    left = min(link.expires_at - now, timedelta(hours=settings.READER_COOKIE_HOURS))
    response.set_signed_cookie(
        settings.READER_COOKIE_NAME,
        f"{link.pk}:{link.token_hash}",
        salt=SALT,
        max_age=left,
        path=reverse("parent_portal:reading-show"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


@unlisted
@require_safe
def link_show(request: HttpRequest, token: str) -> HttpResponse:
    """What waits behind the link, without any name, and the button that opens it."""
    if find(token, timezone.now()) is None:
        return lost(request)
    return render(request, "parent_portal/link_show.html", {"token": token})


@unlisted
@require_POST
def link_open(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    link = find(token, now)
    if link is None:
        return lost(request)
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.open_reader_link(link=link, now=now)
    except services.LinkIsOver:
        return lost(request)
    answer = redirect("parent_portal:reading-show")
    remember(answer, link, now)
    return answer


@unlisted
@require_safe
def reading_show(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    link = opened_link(request, now)
    if link is None:
        return lost(request)
    page = read_week(link, asked=request.GET.get("week", ""), now=now)
    return render(request, "parent_portal/reading_show.html", {"link": link, "page": page})


@unlisted
@require_POST
def reading_close(request: HttpRequest) -> HttpResponse:
    """On a computer that others use: this browser forgets the link."""
    answer = redirect("home:landing")
    answer.delete_cookie(settings.READER_COOKIE_NAME, path=reverse("parent_portal:reading-show"))
    messages.info(request, _("The diary is closed here. The link in your mail opens it again."))
    return answer
