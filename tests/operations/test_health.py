"""The health page and the command that asks it."""

import pytest
from django.test import Client
from pytest_django import Settings

from config import health


@pytest.mark.django_db
def test_says_ok_to_anybody_and_nothing_else(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]
    assert client.post("/healthz").status_code == 405


def test_is_not_sent_to_https(settings: Settings, client: Client, db: None) -> None:
    """The container's own question comes without the proxy, over plain HTTP."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    assert client.get("/healthz").status_code == 200


def test_probe_asks_by_an_allowed_name(live_server: object, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(str(live_server).rsplit(":", 1)[1])
    monkeypatch.setenv("ALLOWED_HOSTS", "localhost,diary.example")
    assert health.probe(port) is True
    monkeypatch.setenv("ALLOWED_HOSTS", "diary.example")
    assert health.probe(port) is False


def test_probe_of_a_dead_server_says_no() -> None:
    assert health.probe(1) is False
