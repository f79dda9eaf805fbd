"""Language, zone and authorship of a request, when its session was seen, the way back when it was lost."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import pghistory
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from apps.core.days import zone_of

from . import services
from .browsers import browser_of
from .http import LOST_WORDS, BackToSignIn, page_behind

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware(LocaleMiddleware):
    """Django's: cookie, then the browser's wish. A signed-in person's own language follows below."""


class PersonalSettingsMiddleware:
    """A signed-in person's own language and zone win over the device's.

    Families share tablets: the cookie may be somebody else's. Switching the language while signed
    in changes the setting itself (``views.people.set_language``).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zone_of(request.user.time_zone)):
            return self.get_response(request)


class SeenMiddleware:
    """Keeps the list of a person's sessions true: no read, and one write in a quarter of an hour.

    When the session was last seen came with the session. A child's session hangs on its device, or stands on
    the list of the guardian who handed over, as it was then.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not user.is_child:
            now = timezone.now()
            seen_at: datetime | None = getattr(request.session, "seen_at", None)
            if seen_at is None:
                services.begin_session(
                    session_key=str(request.session.session_key),
                    user=user,
                    browser=browser_of(request),
                    now=now,
                )
            elif seen_at <= now - services.SEEN_EVERY:
                services.note_seen(session_key=str(request.session.session_key), now=now)
        return self.get_response(request)


class RevisionAuthorMiddleware:
    """Revisions that a request causes name the person who sent it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return self.get_response(request)
        with pghistory.context(user=str(request.user.pk)):
            return self.get_response(request)


class LostSessionMiddleware:
    """Whoever sends a form after their session has ended comes back, through the login, to its page.

    The address that was sent to may take POST only, so the way back is the page that the form stood
    on. It says that nothing was saved: once at the login, once more behind it (see the adapter).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or not asks_to_sign_in(response):
            return response
        if request.headers.get("X-Requested-With"):
            # A script in the background: it must not take the login page for a success.
            return HttpResponse(status=401)
        request.session[LOST_WORDS] = True
        messages.warning(request, _("You were signed out. Nothing was saved: please sign in again."))
        login = redirect_to_login(way_back(request))
        return HttpResponseClientRedirect(login.url) if request.headers.get("HX-Request") else login


def asks_to_sign_in(response: HttpResponse) -> bool:
    """Unless whoever is sent there knows why: they were not signed in and wanted to be."""
    target = urlsplit(response.headers.get("Location", ""))
    is_login = bool(target.query) and target.path == resolve_url(settings.LOGIN_URL)
    return is_login and not isinstance(response, BackToSignIn)


def way_back(request: HttpRequest) -> str:
    """The page that the form stood on; if the browser does not tell, one that belongs to the address."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        page = page_behind(urlsplit(referer)._replace(scheme="", netloc="", fragment="").geturl())
        if page is not None:
            return page
    return page_behind(request.get_full_path()) or resolve_url(settings.LOGIN_REDIRECT_URL)
