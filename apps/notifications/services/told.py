"""Keeping what people are told on their pages: the keeper of ``core.news``."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from apps.accounts.models import User
from apps.core import access
from apps.core.news import Word
from apps.notifications.models import Notification

# What was read is of use for a while, what nobody read for longer.
READ_FOR, KEPT_FOR = timedelta(days=30), timedelta(days=90)


def tell(*, kind: str, words: Collection[Word], now: datetime) -> None:
    """In the caller's transaction and in one statement; the same thing to the same person once."""
    rows = [
        Notification(
            recipient=reader, kind=kind, about=word.about, student_id=word.student_id, created_at=now
        )
        for word in words
        for reader in word.readers
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


def seen(*, kind: str, about: Collection[UUID], by: User, now: datetime) -> None:
    rows = Notification.objects.filter(kind=kind, about__in=about, recipient=by, read_at__isnull=True)
    rows.update(read_at=now)


def take_back(*, kind: str, about: Collection[UUID]) -> None:
    Notification.objects.filter(kind=kind, about__in=about).delete()


def read(*, notification: Notification, by: User, now: datetime) -> None:
    """Twice is as good as once."""
    rows = access.allowed(Notification.objects.filter(pk=notification.pk), "view", by)
    rows.filter(read_at__isnull=True).update(read_at=now)


def read_all(*, by: User, until: datetime, now: datetime) -> int:
    """All that was told until then, which is what a page showed; what came meanwhile stays new."""
    rows = Notification.objects.filter(recipient=by, read_at__isnull=True, created_at__lte=until)
    return rows.update(read_at=now)


def forget_old(*, now: datetime) -> int:
    """Read 30 days ago, or told 90 days ago."""
    read = Notification.objects.filter(read_at__lte=now - READ_FOR)
    old = Notification.objects.filter(created_at__lte=now - KEPT_FOR)
    return read.delete()[0] + old.delete()[0]
