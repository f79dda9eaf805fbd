"""Mail that really leaves, as far as Django's box."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from apps.notifications.services import deliver_due

Deliver = Callable[[], list[Any]]


@pytest.fixture
def deliver() -> Deliver:
    """Send what waits; the mails of this round."""

    def send() -> list[Any]:
        before = len(mail.outbox)
        deliver_due(clock=timezone.now)
        return mail.outbox[before:]

    return send
