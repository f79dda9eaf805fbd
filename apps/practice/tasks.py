"""What the worker runs: each task calls one service."""

from celery import shared_task

from .services.recounting import recount_differing


@shared_task(name="practice.recount_days")
def recount_days() -> None:
    """Hold the days of all diaries against their entries, and write anew those that differ."""
    recount_differing()
