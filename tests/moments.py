"""Another time, for as long as something is tried."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def a_year_later() -> Iterator[None]:
    """In this thread, wherever code asks for the time now."""
    now, here = timezone.now, threading.get_ident()

    def later() -> object:
        return now() + timedelta(days=400) if threading.get_ident() == here else now()

    with patch.object(timezone, "now", later):
        yield
