"""One answer a day about age, held to the account and to the browser (which may have a second account)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from . import services
from .models import User
from .services.ages import WAIT, is_waiting

COOKIE = "answered"


def was_refused(request: HttpRequest, user: User) -> bool:
    """Whether this account or this browser gave an answer within a day that was refused."""
    here = request.get_signed_cookie(COOKIE, default=None, max_age=WAIT)
    return here is not None or is_waiting(user, timezone.now())


def refuse(response: HttpResponse, user: User) -> HttpResponse:
    """Remember that there was an answer; not what it was."""
    services.note_refusal(user=user, now=timezone.now())
    response.set_signed_cookie(
        COOKIE,
        "1",
        max_age=WAIT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
