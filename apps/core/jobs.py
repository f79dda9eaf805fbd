"""The only door to Celery. A task is woken after the commit; the truth is a row (ADR 0006)."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task: str) -> None:
    """Ask a worker to run the named task soon, once the current transaction has committed.

    A broker that is away costs latency only: beat runs the same task anyway, so the failure is
    logged and the request goes on.
    """
    transaction.on_commit(lambda: _send(task), robust=True)


def _send(task: str) -> None:
    try:
        current_app.send_task(task, retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker did not take the wake-up of %s; beat will run it", task)
