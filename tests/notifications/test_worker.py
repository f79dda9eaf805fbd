"""The whole way: a committed message, a real Celery worker on the embedded broker, a real SMTP server."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.core import outbox
from apps.notifications import services
from apps.notifications.models import Delivery, DeliveryState

from .smtp import Sink

WORKER = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "--pool", "threads", "-c", "2"]
ROOT = Path(__file__).resolve().parents[2]


def post() -> None:
    now = timezone.now()
    outbox.post(
        kind="accounts.message",
        key="accounts.message:whole-way:email",
        email="ada@people.example",
        payload={"subject": "Grüße", "text": "Übe langsam.", "html": "<p>Übe langsam.</p>"},
        language="de",
        now=now,
        expires_at=now + timedelta(hours=1),
    )


@pytest.mark.django_db
def test_a_refused_mail_is_taken_at_the_second_try(mail_server: Sink) -> None:
    mail_server.answers.append("451 later, please")
    post()
    assert services.deliver_due(clock=timezone.now) == 0
    assert Delivery.objects.get().last_error == "SMTPDataError 451"
    Delivery.objects.update(due_at=timezone.now())
    assert services.deliver_due(clock=timezone.now) == 1
    (raw,) = mail_server.taken
    assert Delivery.objects.get().message_id.encode() in raw


@pytest.mark.django_db
def test_a_mail_server_that_is_away_loses_nothing(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    post()
    assert services.deliver_due(clock=timezone.now) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == (DeliveryState.PENDING, "ConnectionRefusedError")
    assert delivery.payload["subject"] == "Grüße"


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_sends_it(mail_server: Sink, tmp_path: Path) -> None:
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    worker = subprocess.Popen(
        [*WORKER, "--schedule", str(tmp_path / "schedule")],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATABASE_URL": url,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
            "CELERY_FOLDER": str(tmp_path),
        },
    )
    try:
        post()
        deadline = time.monotonic() + 60
        while not mail_server.taken and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(mail_server.taken) == 1
        while Delivery.objects.get().state != DeliveryState.SENT and time.monotonic() < deadline:
            time.sleep(0.1)
        assert Delivery.objects.get().state == DeliveryState.SENT
    finally:
        worker.terminate()
        worker.wait(timeout=30)
