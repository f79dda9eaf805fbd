"""The way back leads nowhere but home."""

import pytest
from django.test import RequestFactory

from apps.core.addresses import next_address


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("/practice/?page=2", "/practice/?page=2"),
        ("", "/default/"),
        ("https://evil.example/", "/default/"),
        ("//evil.example/", "/default/"),
        ("javascript:alert(1)", "/default/"),
        ("/\\evil.example", "/default/"),
    ],
)
def test_only_own_addresses(rf: RequestFactory, asked: str, answer: str) -> None:
    assert next_address(rf.post("/x/", {"next": asked}), "/default/") == answer
    assert next_address(rf.get("/x/", {"next": asked}), "/default/") == answer
