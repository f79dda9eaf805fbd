"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="assignments.close_challenges")
def close_challenges() -> None:
    """Write down what became of the challenges that are over."""
    services.close_challenges(now=timezone.now())
