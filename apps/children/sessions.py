"""A child's session: marked with where it comes from, asked on each page whether that still holds."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from apps.accounts.browsers import browser_of
from apps.accounts.models import Guardianship, User
from apps.accounts.services import begin_session
from apps.accounts.sessions import LENT_HASH

from . import queries
from .models import TrustedDevice

BACKEND = "apps.accounts.backends.AccountBackend"
# In the session: {"device": key} or {"guardian": key, "until": moment}.
MARK = "child"
# The day on which the session was last prolonged.
SEEN_ON = "child_seen_on"


def device_token(request: HttpRequest) -> str:
    """The secret that marks this device, or nothing."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


def remember_device(response: HttpResponse, token: str) -> None:
    """Sent to our own host only, never to a script."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        token,
        max_age=timedelta(days=settings.DEVICE_COOKIE_DAYS),
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def begin_on_device(request: HttpRequest, user: User, device: TrustedDevice) -> None:
    """Sign the child in: a new session, nothing of the one before is left in it."""
    _begin(request, user)
    request.session[MARK] = {"device": str(device.pk)}
    # In seconds they count from the last time that the session was saved; a timedelta would be one date.
    request.session.set_expiry(settings.CHILD_SESSION_DAYS * 24 * 3600)


def begin_handed_over(request: HttpRequest, user: User, *, by: User, now: datetime) -> None:
    """The guardian's session becomes the child's, for some hours; only the guardian gets it back.

    It stays on the guardian's list of sessions, and ends with them: by a button there, by a new password.
    """
    until = now + timedelta(hours=settings.CHILD_HANDED_OVER_HOURS)
    _begin(request, user)
    request.session[MARK] = {"guardian": str(by.pk), "until": until.isoformat()}
    request.session[LENT_HASH] = by.get_session_auth_hash()
    request.session.set_expiry(timedelta(hours=settings.CHILD_HANDED_OVER_HOURS))
    begin_session(session_key=str(request.session.session_key), user=by, browser=browser_of(request), now=now)


def _begin(request: HttpRequest, user: User) -> None:
    # Whoever was signed in before is signed out here, also if it was the same child.
    logout(request)
    login(request, user, backend=BACKEND)


def handed_over_by(request: HttpRequest) -> UUID | None:
    """The guardian who handed this device over, if it was."""
    found = request.session.get(MARK, {}).get("guardian")
    return UUID(found) if found else None


def still_holds(request: HttpRequest, user: User, now: datetime) -> bool:
    """Whether what this child's session rests on is still there. One without a mark rests on nothing."""
    mark: dict[str, str] = request.session.get(MARK, {})
    if "device" in mark:
        return queries.is_trusted(UUID(mark["device"]), user=user.pk, token=device_token(request))
    if "guardian" in mark:
        proof = request.session.get(LENT_HASH, "")
        return datetime.fromisoformat(mark["until"]) > now and _is_lent(mark["guardian"], user, proof)
    return False


def _is_lent(guardian: str, user: User, proof: str) -> bool:
    """By a guardian of today, with the password of today."""
    rows = Guardianship.objects.current().filter(guardian=UUID(guardian), student__user=user)
    found = rows.filter(guardian__is_active=True).select_related("guardian").first()
    return found is not None and constant_time_compare(found.guardian.get_session_auth_hash(), proof)


def prolong(request: HttpRequest, now: datetime) -> None:
    """Once a day the thirty days begin anew; a handed-over device has its hours and no more."""
    today = now.date().isoformat()
    if "device" in request.session.get(MARK, {}) and request.session.get(SEEN_ON) != today:
        request.session[SEEN_ON] = today


def child_of(request: HttpRequest) -> User | None:
    """The child who is signed in, if it is one."""
    user = request.user
    return user if user.is_authenticated and user.is_child else None
