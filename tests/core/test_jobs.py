"""Waking a worker: only after the commit, and never at the request's cost."""

from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core import jobs


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: names.append(name))
    return names


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_after_the_commit(woken: list[str]) -> None:
    with transaction.atomic():
        jobs.wake("notifications.deliver_due")
        assert woken == []
    assert woken == ["notifications.deliver_due"]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_wakes_nobody(woken: list[str]) -> None:
    with transaction.atomic():
        jobs.wake("notifications.deliver_due")
        transaction.set_rollback(True)
    assert woken == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError("away"), OSError("disk full")])
def test_a_broker_that_is_away_is_logged_and_the_request_goes_on(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(name: str, **options: Any) -> None:
        raise error

    monkeypatch.setattr(current_app, "send_task", refuse)
    jobs.wake("notifications.deliver_due")
    assert len(caplog.records) == 1
