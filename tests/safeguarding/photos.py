"""Reporting a photo, and what lies on the disk."""

from datetime import timedelta
from pathlib import Path

from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import avatars

SENT = {"category": "other", "words": "This is a child."}
DAY = timedelta(days=1)


def address(user: User) -> str:
    return reverse("safeguarding:photo-report", args=[user.pk])


def on_disk(media: Path) -> set[str]:
    return {f"avatars/{path.name}" for path in (media / "avatars").glob("*")}


def shown_now() -> set[str]:
    return set(User.objects.exclude(avatar="").values_list("avatar", "avatar_small").first() or ())


def after_a_day(media: Path) -> set[str]:
    """What is there when the job has come by on the day after."""
    avatars.forget_orphans(now=timezone.now() + DAY)
    return on_disk(media)
