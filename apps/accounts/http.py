"""What views share: a typed request, writes that only take POST, and the care that a secret link needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .models import User

# Where the session keeps the way back to an invitation while somebody signs up or in.
JOIN_TOKEN = "join_token"  # noqa: S105  (a name, no secret)
# That what somebody sent before signing in was not saved.
LOST_WORDS = "lost_words"


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


def post_only(back: str, *names: str) -> Callable[[View], View]:
    """For a write that has no page of its own: POST only, signed in only.

    ``back`` names a page to show instead of this address, made of the address's own ``names``.
    """

    def decorate(view: View) -> View:
        guarded = require_POST(login_required(view))
        vars(guarded)["back_page"] = lambda values: reverse(back, args=[values[name] for name in names])
        return guarded

    return decorate


def page_behind(address: str) -> str | None:
    """The page to show for an address of this site: itself, or the one behind a write."""
    path = address.partition("?")[0]
    try:
        match = resolve(path)
    except Resolver404:
        return None
    back_page: Callable[[dict[str, Any]], str] | None = getattr(match.func, "back_page", None)
    return back_page(match.kwargs) if back_page else address
