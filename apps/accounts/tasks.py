"""What the worker runs: each task calls one service."""

from celery import shared_task
from django.utils import timezone

from . import services
from .services import avatars
from .sessions import SessionStore


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Delete sessions that have ended; they let nobody in, but say who was here."""
    SessionStore.clear_expired()


@shared_task(name="accounts.forget_photos")
def forget_photos() -> None:
    """Delete files of photos that no account names."""
    avatars.forget_orphans(now=timezone.now())


@shared_task(name="accounts.forget_attempts")
def forget_attempts() -> None:
    """Delete the counts of codes that were typed wrongly the day before."""
    services.forget_attempts(now=timezone.now())


@shared_task(name="accounts.come_of_age")
def come_of_age() -> None:
    """Tell who will soon be an adult, and end the guardianships of who is one today."""
    services.come_of_age_due(now=timezone.now())


@shared_task(name="accounts.forget_refusals")
def forget_refusals() -> None:
    """Delete when an answer about age was refused, once another one may be given."""
    services.forget_refusals(now=timezone.now())
