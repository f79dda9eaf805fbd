"""What a reader sees when something goes wrong: kind words, the right status, a way on."""

import re
from collections.abc import Callable
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from tests.conftest import Cast

SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"display_name": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}, 413),
        ({f"field{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}, 413),
        ({"display_name": "x" * 1000}, 200),
    ],
)
def test_what_is_too_big_is_said_to_be(
    cast: Cast, as_user: SignIn, sent: dict[str, str], status: int
) -> None:
    client = as_user(cast.user("guardian"))
    form = urlencode(sent)
    answer = client.post("/settings/", form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status
    assert ("That is too big" in answer.content.decode()) is (status == 413)
    assert f'href="{reverse("home:index")}"' in answer.content.decode()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_a_matter_of_waiting(cast: Cast, error: type[Exception]) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.user("teacher"))
    with patch("apps.home.views.desks.roster_page", side_effect=error("server closed the connection")):
        answer = client.get(reverse("home:roster"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "Back in a moment" in answer.content.decode()
    assert "server closed" not in answer.content.decode()


def test_what_broke_is_our_fault(cast: Cast) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.user("teacher"))
    with patch("apps.home.views.desks.roster_page", side_effect=ZeroDivisionError):
        answer = client.get(reverse("home:roster"))
    assert answer.status_code == 500
    assert "Retry-After" not in answer
    assert "Something broke on our side" in answer.content.decode()


@pytest.mark.parametrize("name", ["500", "503"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_pages_of_the_worst_moment_need_nothing(name: str, language: str) -> None:
    """No context, no database, no manifest of hashed files; and still one heading and a way on."""
    with translation.override(language):
        page = render_to_string(f"{name}.html")
    title, heading = (
        re.findall(r"<title>([^<]+) · Woodshed</title>", page),
        re.findall(r"<h1>([^<]+)</h1>", page),
    )
    assert title == heading
    assert f'<html lang="{language}"' in page
    assert re.findall(r'<a [^>]*href="([^"]*)"', page) == ["/"]
    assert page.count('rel="stylesheet"') == 4


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "429"])
def test_error_pages_are_not_for_search_engines(rf: RequestFactory, name: str) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    page = render_to_string(f"{name}.html", request=request)
    assert '<meta name="robots" content="noindex">' in page
    assert page.count("<h1>") == 1
