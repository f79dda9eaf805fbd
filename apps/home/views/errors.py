"""Kind answers to what goes wrong."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: usually a page that was open for a long time.

    htmx loads the page again, which brings a good token; the page gives back what was typed.
    """
    response = render(request, "403_csrf.html", status=403)
    if request.headers.get("HX-Request"):
        response.headers["HX-Refresh"] = "true"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Some refusals bring their own words."""
    return render(request, "403.html", {"text": getattr(exception, "words", "")}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what is foreign and for what does not exist: nothing of the request is repeated."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request: whatever broke may be what the navigation asks.

    A database that is away, or busy beyond its time limits, is not broken: trying again helps.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "60"})
    return HttpResponse(render_to_string("500.html"), status=500)
