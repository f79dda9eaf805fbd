"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from .services import work


@shared_task(name="privacy.run_due")
def run_due() -> None:
    """Make copies and erase what is due. Beat asks often; a wake-up after a commit only makes it sooner."""
    work.run_due(clock=timezone.now)
