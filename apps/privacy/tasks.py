"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from .services import rounds, trash


@shared_task(name="privacy.run_due")
def run_due() -> None:
    """Make copies and erase what is due. Beat asks often; a wake-up after a commit only makes it sooner."""
    rounds.run_due(clock=timezone.now)


@shared_task(name="privacy.purge_deleted")
def purge_deleted() -> None:
    """What people deleted goes for good when its time in the wastepaper basket is over."""
    trash.purge(now=timezone.now())
