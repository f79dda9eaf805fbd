"""Secrets of links do not reach the log."""

import logging

import pytest

from apps.core.logging import RedactSecretLinks


def logged(message: str, *args: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, "x.py", 1, message, args, None)
    assert RedactSecretLinks().filter(record)
    return record.getMessage()


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
