"""The contract between whoever posts a message and whoever stores it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from apps.accounts.models import Student
from apps.core import outbox
from apps.notifications.models import Delivery
from tests.factories.accounts import make_student

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def post(kind: str) -> None:
    outbox.post(
        kind=kind,
        key=f"{kind}:1:email",
        email="ada@people.example",
        payload={},
        language="en",
        now=NOW,
        expires_at=NOW + timedelta(hours=1),
    )


def test_a_kind_has_one_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_kinds", {})

    @outbox.kind("test.note")
    def first(payload: outbox.Payload, now: datetime) -> None:
        return None

    with pytest.raises(outbox.KindAlreadyExists):
        outbox.kind("test.note")(lambda payload, now: None)
    assert outbox.renderer("test.note") is first


def test_what_nobody_could_render_is_not_stored(db: None) -> None:
    with pytest.raises(outbox.UnknownKind):
        post("test.nobody")
    assert not Delivery.objects.exists()


def test_without_a_writer_the_news_is_not_kept_either(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its message would be lost, so the whole transaction is."""
    nobody: list[Any] = []
    monkeypatch.setattr(outbox, "_writers", nobody)

    @transaction.atomic
    def make_news() -> None:
        make_student("Leo")
        post("accounts.message")

    with pytest.raises(outbox.NoWriter):
        make_news()
    assert not Student.objects.filter(name="Leo").exists()
