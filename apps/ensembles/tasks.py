"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="ensembles.forget_questions")
def forget_questions() -> None:
    """Delete questions that nobody answered in time, and what is tied to nothing any more."""
    services.forget_questions(now=timezone.now())


@shared_task(name="ensembles.forget_names")
def forget_names() -> None:
    """Empty the names of those whose lessons are over."""
    services.forget_names(now=timezone.now())
