"""What views share: a typed request, the care that a secret link needs, writes by POST only and in time."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.core.throttle import is_too_often

from .models import User

# Through one address: far above what hands can do.
WRITES_A_MINUTE = 30

# Where the session keeps the way back to an invitation while somebody signs up or in: the hash of its token.
JOIN_HASH = "join_hash"
# That what somebody sent before signing in was not saved.
LOST_WORDS = "lost_words"


class UserRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: User


View = Callable[..., HttpResponse]


class BackToSignIn(HttpResponseRedirect):
    """To the sign-in page, for who was not signed in and wanted to be: nothing that they sent was lost."""


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
        inside = login_required(view)

        def back_page(values: Mapping[str, Any]) -> str:
            return reverse(back, args=[values[name] for name in names])

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return only_by_a_button(request, back_page(kwargs))
            return inside(request, *args, **kwargs)

        vars(guarded)["back_page"] = back_page
        return guarded

    return decorate


def only_by_a_button(request: HttpRequest, back: str) -> HttpResponse:
    """For who came to the address of a write by hand, from their history say: a way back."""
    response = render(request, "405.html", {"back": back}, status=405)
    response["Allow"] = "POST"
    return response


def writes_too_often(request: HttpRequest) -> bool:
    """Count one write through this address; signed out, for all who come from the same place of the net.

    A form with typed words asks ``in_time`` instead; a bare button answers with ``slow_down``.
    """
    who = request.user.pk if request.user.is_authenticated else get_adapter().get_client_ip(request)
    assert request.resolver_match is not None  # noqa: S101  (views have been found by their address)
    return is_too_often(request.resolver_match.view_name, who, limit=WRITES_A_MINUTE)


def in_time(request: HttpRequest, form: BaseForm) -> bool:
    """Not too often; else the form says so and keeps the words."""
    if not writes_too_often(request):
        return True
    say_too_often(form)
    return False


def say_too_often(form: BaseForm) -> None:
    form.add_error(None, _("That was very often in a short time. Wait a minute, then try again."))


def slow_down(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


def collection_is_off(name: str) -> str:
    """For a form about a student of whom nothing may be written down; the typed words stay in it."""
    return _(
        "Nothing new may be written about %(name)s at the moment: nobody has agreed to that yet, or somebody "
        "of the family has stopped it. A guardian, or an adult student, can change that on the page "
        "Permissions. What you typed is still here to copy."
    ) % {"name": name}


class NoWayToProve(PermissionDenied):
    """The account has nothing that could be asked for again: no password, no second factor."""

    @property
    def words(self) -> str:
        return _(
            "For this we ask for your password first, and your account has none yet. Give it one on the"
            ' sign-in page under "Forgot your password?", then come back.'
        )


def need_fresh_password(request: UserRequest) -> None:
    """For what must not be done by somebody at an unlocked screen: the password again, if not just given.

    Called behind the door, so that the question tells nobody that something is there. Whatever was sent
    is kept meanwhile and goes on where it was stopped: allauth catches what this raises. It takes an
    account with nothing to ask for as proved; we do not: raises NoWayToProve.
    """
    if not request.user.has_usable_password() and not is_mfa_enabled(request.user):
        raise NoWayToProve
    reauthentication_required(lambda request: None)(request)


def page_behind(address: str) -> str | None:
    """The page to show for an address of this site: itself, or the one behind a write."""
    path = address.partition("?")[0]
    try:
        match = resolve(path)
    except Resolver404:
        return None
    back_page: Callable[[dict[str, Any]], str] | None = getattr(match.func, "back_page", None)
    return back_page(match.kwargs) if back_page else address
