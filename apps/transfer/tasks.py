"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="transfer.run_due")
def run_due() -> None:
    """Look through files, let them in, take them back. Beat asks often; a wake-up only makes it sooner."""
    services.run_due(clock=timezone.now)


@shared_task(name="transfer.forget_old")
def forget_old() -> None:
    """Files and rows that nobody needs any more."""
    services.forget_old(now=timezone.now())
