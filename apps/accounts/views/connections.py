"""Accounts elsewhere with which one signs in: which there are, adding, removing, the way there and back."""

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from apps.accounts import queries
from apps.accounts.connecting import disconnect, go_back
from apps.accounts.http import (
    JOIN_HASH,
    UserRequest,
    need_fresh_password,
    post_only,
    slow_down,
    writes_too_often,
)
from apps.accounts.places import name_of, places
from apps.accounts.provider import Callback, ConnectedAdapter
from apps.core.access import get_allowed_or_404


def offered_or_404(provider: str) -> str:
    """Its name. What is not set does not exist."""
    if provider not in places():
        raise Http404
    return name_of(provider)


@login_required
@require_safe
def connection_list(request: UserRequest) -> HttpResponse:
    """Every place that is offered, and every own account of one that is not any more."""
    rows = queries.own_connections(request.user)
    if not rows and not places():
        raise Http404
    return render(request, "accounts/connection_list.html", {"rows": rows})


@post_only("accounts:connection-list")
def connection_add(request: UserRequest, provider: str) -> HttpResponse:
    """Off to the other place. The password is asked for here; coming back within ten minutes is enough."""
    offered_or_404(provider)
    need_fresh_password(request)
    if writes_too_often(request):
        return slow_down(request)
    return go_there(request, provider, AuthProcess.CONNECT)


@post_only("accounts:connection-list")
def connection_end(request: UserRequest, provider: str) -> HttpResponse:
    row = get_allowed_or_404(SocialAccount.objects.all(), "end", request.user, provider=provider)
    need_fresh_password(request)
    if writes_too_often(request):
        return slow_down(request)
    disconnect(request, request.user, row)
    # With the last one of a place that is not offered any more the list is gone, too.
    has_list = bool(queries.own_connections(request.user))
    return redirect("accounts:connection-list" if has_list else "accounts:settings")


@require_POST
def connection_enter(request: HttpRequest, provider: str) -> HttpResponse:
    """Off to the other place, to come back signed in."""
    offered_or_404(provider)
    if request.user.is_authenticated:
        return redirect("home:index")
    if writes_too_often(request):
        return slow_down(request)
    return go_there(request, provider, AuthProcess.LOGIN)


def go_there(request: HttpRequest, provider: str, process: str) -> HttpResponse:
    """A page that leads on by itself: a form that is sent may not end at another place (see ADR 0022)."""
    next_url = get_next_redirect_url(request) if process == AuthProcess.LOGIN else None
    place = get_adapter().get_provider(request, provider)
    try:
        address = place.redirect(request, process, next_url=next_url).url
    except (OAuth2Error, RequestException) as error:
        return go_back(request, provider, next_url=next_url, why=error)
    return render(
        request,
        "accounts/connection_go.html",
        {"name": place.name, "address": address, "is_connecting": process == AuthProcess.CONNECT},
    )


@never_cache
@require_safe
def connection_back(request: HttpRequest, provider: str) -> HttpResponse:
    """With what the other place says. allauth takes it apart; ``connecting`` goes on from there."""
    offered_or_404(provider)
    if writes_too_often(request):
        return slow_down(request)
    view = Callback.adapter_view(ConnectedAdapter(request, provider))
    try:
        response: HttpResponse = view(request)
    except (OAuth2Error, RequestException) as error:
        # Before allauth listens for it.
        return go_back(request, provider, why=error)
    return response


@require_safe
def connection_unknown(request: HttpRequest, provider: str) -> HttpResponse:
    """Nobody has connected that account: what to do now, with a Woodshed account and without one."""
    context = {
        "name": offered_or_404(provider),
        "next_url": get_next_redirect_url(request),
        "is_invited": queries.waiting_invitation(request.session.get(JOIN_HASH), timezone.now()) is not None,
    }
    return render(request, "accounts/connection_unknown.html", context)
