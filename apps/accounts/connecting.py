"""allauth's hooks for accounts elsewhere: they sign in whoever connected them, and make nobody (ADR 0022)."""

import logging
from typing import Any, NoReturn

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from requests import Session as RequestsSession

from . import queries, services
from .fetching import PlaceFailed, Session
from .http import BackToSignIn, UserRequest
from .models import User
from .places import name_of, places

logger = logging.getLogger(__name__)


class ConnectionAdapter(DefaultSocialAccountAdapter):
    """Three ways to go on from another place: signed in, connected, or back with a word why not."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Of the environment only: no row of a table, whoever wrote it, makes a place to sign in with."""
        apps = [SocialApp(provider="openid_connect", **place) for place in places().values()]
        return [
            app
            for app in apps
            if provider in (None, app.provider_id, app.provider) and client_id in (None, app.client_id)
        ]

    def get_requests_session(self) -> RequestsSession:
        """allauth exchanges the code by it, which is where our secret goes."""
        return Session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Signing up asks for a name and an age and confirms an address; no other place does that for us."""
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """An address that somebody wrote down elsewhere opens nobody's account."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Before allauth decides: what it would do besides signing in is ours to do."""
        if sociallogin.state["process"] == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(
                connect(request, sociallogin.account, sociallogin.state["data"]["user"])
            )
        if request.user.is_authenticated:
            # Somebody signed in meanwhile, in another tab of this browser: nobody takes their place.
            raise ImmediateHttpResponse(redirect("home:index"))
        if not sociallogin.is_existing:
            raise ImmediateHttpResponse(tell_unknown(sociallogin))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        """Back to the page where the way began. Without a state nobody knows of a way."""
        state = (extra_context or {}).get("state")
        answer = go_back(
            request,
            provider.sub_id,
            next_url=(state or {}).get("next"),
            why=exception or error,
            was_stopped=error == AuthError.CANCELLED,
            is_lost=state is None,
        )
        raise ImmediateHttpResponse(answer)


def tell_unknown(login: SocialLogin) -> HttpResponse:
    """To the page for an account elsewhere that is nobody's here."""
    address = reverse("accounts:connection-unknown", args=[login.account.provider])
    return redirect(address + query_of(login.state.get("next")))


def go_back(
    request: HttpRequest,
    place: str,
    *,
    next_url: str | None = None,
    why: object = "",
    was_stopped: bool = False,
    is_lost: bool = False,
) -> HttpResponse:
    """To the settings, or signed out to the sign-in page, which knows another way in.

    ``is_lost``: the place did its part, and it is the way that is not this browser's or this person's.
    """
    if was_stopped:
        messages.info(request, _("You stopped at %(name)s. Nothing has changed.") % {"name": name_of(place)})
    else:
        # Only of what kind it was: the words of it may hold a secret.
        logger.warning("Signing in with %s failed: %s", place, word_of(why))
        messages.error(request, _failed(request, is_lost=is_lost) % {"name": name_of(place)})
    if request.user.is_authenticated:
        return redirect("accounts:connection-list")
    return BackToSignIn(reverse("account_login") + query_of(next_url))


def query_of(next_url: str | None) -> str:
    return f"?{urlencode({REDIRECT_FIELD_NAME: next_url})}" if next_url else ""


def word_of(why: object) -> str:
    """allauth's kind of error, ours, or the name of one."""
    if isinstance(why, PlaceFailed):
        return why.word
    return why if isinstance(why, str) else type(why).__name__


def _failed(request: HttpRequest, *, is_lost: bool) -> str:
    if is_lost:
        return _(
            "That did not work: you left for %(name)s too long ago or in another browser, or somebody signed"
            " in or out here since. Please start again."
        )
    if request.user.is_authenticated:
        return _("That did not work: %(name)s could not tell us who you are. Please try again later.")
    return _(
        "That did not work: %(name)s could not tell us who you are. Please try again later, or sign in with"
        " your password."
    )


def connect(request: HttpRequest, account: SocialAccount, asked_by: str | None) -> HttpResponse:
    """The signed-in person's own from now on, and they are told by mail; all of it or nothing.

    ``asked_by`` is who pressed the button, as a primary key: whoever sits there now must be the same.
    """
    name, user = {"name": name_of(account.provider)}, request.user
    if not isinstance(user, User) or str(user.pk) != asked_by:
        return go_back(request, account.provider, why="somebody else came back", is_lost=True)
    try:
        with transaction.atomic():
            services.add_connection(
                user=user,
                provider=account.provider,
                uid=account.uid,
                session_key=request.session.session_key,
                now=timezone.now(),
            )
            tell(request, user, "account_connected", account.provider)
    except services.AnotherIsConnected:
        words = _("You have connected another account of %(name)s already. Remove that one first.")
        messages.error(request, words % name)
    except services.ChangedMeanwhile:
        messages.error(request, _("Your account has just changed. Please do it again."))
    except services.ConnectedAlready:
        words = _(
            "This account of %(name)s is connected already. If you do not see it here, it belongs to another"
            " Woodshed account: sign in there and remove it first."
        )
        messages.error(request, words % name)
    else:
        messages.success(request, _("Connected. You can sign in with %(name)s now.") % name)
    return redirect("accounts:connection-list")


def disconnect(request: HttpRequest, user: User, connection: SocialAccount) -> None:
    """Gone, and they are told by mail; or it stays, with a word why."""
    now, key, place = timezone.now(), request.session.session_key, connection.provider
    try:
        with transaction.atomic():
            if services.end_connection(connection=connection, by=user, session_key=key, now=now):
                tell(request, user, "account_disconnected", place)
    except services.LastWayIn:
        messages.error(request, _("It stays: nothing else signs you in. Choose a password first."))
    except services.ChangedMeanwhile:
        messages.error(request, _("Your account has just changed. Please do it again."))
    else:
        messages.success(request, _("Removed. %(name)s signs you in no more.") % {"name": name_of(place)})


def disconnect_all(request: UserRequest, user: User) -> int:
    """By the staff; how many there were. Each is told to the person."""
    with transaction.atomic():
        ended = services.take_away_connections(user=user, by=request.user, now=timezone.now())
        for place in ended:
            tell(request, user, "account_removed_by_staff", place)
    return len(ended)


def still_connected(user: User) -> str:
    """The names of the places that sign this person in, for a sentence; empty without one."""
    return ", ".join(row.name for row in queries.own_connections(user) if row.since and row.is_offered)


def tell(request: HttpRequest, user: User, what: str, place: str) -> None:
    """A mail to the person, so that they hear of what they did not do themselves."""
    get_account_adapter(request).send_notification_mail(
        f"socialaccount/email/{what}", user, context={"place": name_of(place)}
    )
