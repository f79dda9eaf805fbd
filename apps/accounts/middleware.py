"""Language, time zone and authorship of a request."""

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation

from apps.core.days import zone_of

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


class RevisionAuthorMiddleware:
    """Revisions that a request causes name the person who sent it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return self.get_response(request)
        with pghistory.context(user=str(request.user.pk)):
            return self.get_response(request)
