"""What the worker runs: each task calls one service."""

import logging

from celery import shared_task

from .services.recounting import recount_differing

logger = logging.getLogger(__name__)


@shared_task(name="practice.recount_days")
def recount_days() -> None:
    """Hold the days of all diaries against their entries, and write anew those that differ. The log says how
    many, and of nobody."""
    found = recount_differing()
    if found.days or found.entries:
        logger.warning("%s days recounted, %s entries divided anew", len(found.days), len(found.entries))
