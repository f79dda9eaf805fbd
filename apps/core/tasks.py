"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from . import chain


@shared_task(name="core.seal_audit")
def seal_audit() -> None:
    """Seal the audit rows that were written since the last time."""
    chain.seal(now=timezone.now())
