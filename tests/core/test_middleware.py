"""Headers of every answer; a view that sets its own keeps them."""

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from apps.accounts.models import User
from apps.core.middleware import SecurityHeadersMiddleware


def answer(user: User | AnonymousUser | None, **headers: str) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        if user is not None:
            request.user = user
        return HttpResponse("ok", headers=headers)

    return SecurityHeadersMiddleware(view)(RequestFactory().get("/"))


@pytest.mark.parametrize("user", [User(), AnonymousUser(), None])
def test_no_powers_and_no_foreign_embedding(user: User | AnonymousUser | None) -> None:
    response = answer(user)
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    for power in ("camera=()", "geolocation=()", "payment=()", "usb=()", "microphone=(self)"):
        assert power in response["Permissions-Policy"]


def test_pages_of_a_person_stay_in_no_cache() -> None:
    assert answer(User())["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("user", [AnonymousUser(), None])
def test_public_pages_may_be_cached(user: AnonymousUser | None) -> None:
    assert "Cache-Control" not in answer(user)


def test_a_view_that_says_better_is_heard() -> None:
    response = answer(User(), **{"Cache-Control": "no-store", "Permissions-Policy": "microphone=()"})
    assert response["Cache-Control"] == "no-store"
    assert response["Permissions-Policy"] == "microphone=()"


def test_the_answer_to_signing_out_stays_in_no_cache() -> None:
    """Nobody is left, but what the person saw came with a session."""
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "gone"
    response = SecurityHeadersMiddleware(lambda request: HttpResponse())(request)
    assert response["Cache-Control"] == "no-store, private"
