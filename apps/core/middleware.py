"""Headers that hold for every answer."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecurityHeadersMiddleware:
    """Adds what Django's own middlewares do not: no powerful features, no foreign embedding, no cache.

    Pages of a signed-in person must not stay in any cache, a shared tablet's included; the answer to
    signing out is one of them, so the cookie that was sent counts, not only who is left.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session or (user is not None and user.is_authenticated):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
