"""What signing in and changing a way to sign in does to the list of a person's sessions."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from . import services
from .browsers import browser_of
from .connecting import still_connected
from .models import User
from .sessions import shorten_for_staff


def begin_session(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Of a child's session the device is listed, or who handed over has it (``children.sessions``)."""
    if user.is_child:
        return
    if request.session.session_key is None:
        request.session.save()
    services.begin_session(
        session_key=str(request.session.session_key),
        user=user,
        browser=browser_of(request),
        now=timezone.now(),
    )


def end_others(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever had the old password, or lacks the new factor, is signed out wherever they are.

    The session of this request stays: an own one has proved itself, and one that has not ends by itself,
    because it was signed in with the password of before.
    """
    services.end_other_sessions(user=user, but=request.session.session_key, now=timezone.now())


def go_on(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A new password gives this browser a new session in the place of its old one."""
    begin_session(request, user)
    end_others(request, user)


def name_connections(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever chose a new password because of somebody else must hear by what those can still come in."""
    if names := still_connected(user):
        words = _(
            "Your new password changes nothing about this: you can also be signed in with %(names)s. If you"
            " did not connect that, sign in now, open Settings, Connected accounts, and remove it."
        )
        messages.warning(request, words % {"names": names})


def connect() -> None:
    """``shorten_for_staff`` comes first: it may change what is saved."""
    user_logged_in.connect(shorten_for_staff, dispatch_uid="accounts.shorten_for_staff")
    user_logged_in.connect(begin_session, dispatch_uid="accounts.begin_session")
    for changed in (password_changed, password_set):
        changed.connect(go_on, dispatch_uid="accounts.go_on")
    password_reset.connect(end_others, dispatch_uid="accounts.end_others")
    password_reset.connect(name_connections, dispatch_uid="accounts.name_connections")
    for changed in (authenticator_added, authenticator_removed, authenticator_reset):
        changed.connect(end_others, dispatch_uid="accounts.end_others")
