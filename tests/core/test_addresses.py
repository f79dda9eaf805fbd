"""The way back leads nowhere but home."""

from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.urls import reverse, set_script_prefix

from apps.core.addresses import address_of, next_address


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


@pytest.mark.parametrize("name", ["practice:entry-detail", "practice:entry-list", "accounts:grant-list"])
def test_the_address_of_a_thing_is_its_reverse(name: str) -> None:
    for pk in (uuid4(), uuid4()):
        assert address_of(name, pk) == reverse(name, args=[pk])


def test_it_knows_where_the_site_is_mounted() -> None:
    pk = uuid4()
    address_of("practice:entry-detail", pk)
    set_script_prefix("/music/")
    try:
        assert address_of("practice:entry-detail", pk) == f"/music/entries/{pk}/"
    finally:
        set_script_prefix("/")
