"""What the worker runs: each task calls one service."""

from celery import shared_task

from .sessions import SessionStore


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Delete sessions that have ended; they let nobody in, but say who was here."""
    SessionStore.clear_expired()
