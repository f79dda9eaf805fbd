"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="scores.forget_files")
def forget_files() -> None:
    """Delete files of sheet music that no row names."""
    services.forget_orphans(now=timezone.now())
