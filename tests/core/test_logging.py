"""Secrets of links do not reach the log."""

import logging
from urllib.parse import quote

import pytest

from apps.core.logging import RedactSecretLinks
from tests.sweep.routes import Route, all_routes


def logged(message: str, *args: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, "x.py", 1, message, args, None)
    assert RedactSecretLinks().filter(record)
    return record.getMessage()


SECRETS = {"key", "token", "uidb36"}
# A UUID is the name of a row, no secret.
WITH_A_SECRET = [
    route for route in all_routes() if SECRETS & set(route.carries) and "<uuid:key>" not in route.pattern
]


@pytest.mark.parametrize("route", WITH_A_SECRET, ids=lambda route: route.name)
def test_no_page_that_takes_a_secret_is_forgotten(route: Route) -> None:
    """Derived from the routes, so that a new one cannot be."""
    address = route.url(dict.fromkeys(route.carries, "5ec2e7" * 8))
    for quoted in (address, quote(address, safe=""), f"/account/login/?next={quote(address, safe='')}"):
        assert "5ec2e7" not in logged("Forbidden: %s", quoted)


def test_there_are_such_pages() -> None:
    assert {"accounts:invitation-show", "children:card-enter", "consent:confirmation-revoke"} <= {
        route.name for route in WITH_A_SECRET
    }


@pytest.mark.parametrize(
    ("quoted", "written"),
    [
        ("/join/a1b2-c3_d4/accept/", "/join/…/accept/"),
        ("/account/login/?next=/join/a1b2/", "/account/login/?next=/join/…/"),
        ("/account/login/?next=%2Fjoin%2Fa1b2%2F", "/account/login/?next=%2Fjoin%2F…%2F"),
        ("/account/confirm-email/MQ:1abc:x-y_z/", "/account/confirm-email/…/"),
        ("/account/password/reset/key/1a-c5-9f/", "/account/password/reset/key/…/"),
        ("/account/confirm-email/", "/account/confirm-email/"),
        ("/students/new/", "/students/new/"),
    ],
)
def test_links_are_blotted_out(quoted: str, written: str) -> None:
    assert logged("Not Found: %s", quoted) == f"Not Found: {written}"
