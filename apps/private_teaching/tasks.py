"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="private_teaching.expire_applications")
def expire_applications() -> None:
    """Close the requests for lessons that nobody answered in time; ask for agreements that have lapsed."""
    services.look_through(now=timezone.now())
