"""What the views of people share: a typed request, and the care that a secret link needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from .models import User

# Where the session keeps the way back to an invitation while somebody signs up or in.
JOIN_TOKEN = "join_token"  # noqa: S105  (a name, no secret)


class UserRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: User


View = Callable[..., HttpResponse]


def secret_link(view: View) -> View:
    """The address itself is a secret: it stays out of caches, and out of the Referer of what follows.

    Not ``no-referrer``: browsers then send ``Origin: null`` with our own forms, which the CSRF
    check refuses. ``strict-origin`` tells the host at most, never the path.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        return response

    return never_cache(wrapped)
