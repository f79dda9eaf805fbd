from collections.abc import Iterator
from typing import Any

import pytest

from .smtp import Sink, running


@pytest.fixture
def mail_server(settings: Any) -> Iterator[Sink]:
    """A real mail server, and the settings that lead to it."""
    with running() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink
