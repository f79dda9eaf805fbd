"""Photos on their way: sent with the settings, lying on the disk, shown to somebody."""

from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.templatetags.accounts import photo_of
from tests.factories.photos import photo_file

URL = reverse("accounts:settings")
SENT = {"display_name": "Anna Berg", "language": "en", "time_zone": "Berlin", "week_starts_on": "0"}


def files(media: Path) -> list[str]:
    return sorted(f"avatars/{path.name}" for path in (media / "avatars").glob("*"))


def send(client: Client, data: bytes | None = None, name: str = "me.jpg", **changed: str) -> Any:
    return client.post(URL, SENT | changed | {"photo": photo_file(data, name)})


def shown(user: User, client: Client, *, large: bool = False) -> Any:
    return client.get(photo_of(user, large))
