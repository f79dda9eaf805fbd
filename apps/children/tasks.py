"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="children.forget_attempts")
def forget_attempts() -> None:
    """Delete the counts of wrong tries of the day before."""
    services.forget_attempts(now=timezone.now())
