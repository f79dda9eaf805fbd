"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from . import services
from .services import told


@shared_task(name="notifications.deliver_due")
def deliver_due() -> None:
    """Send what is due. Beat asks often; a wake-up after a commit only makes it sooner."""
    services.deliver_due(clock=timezone.now)


@shared_task(name="notifications.forget_old")
def forget_old() -> None:
    """What people were told long ago."""
    told.forget_old(now=timezone.now())
