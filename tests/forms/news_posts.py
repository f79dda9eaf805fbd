"""What can be sent about news; a part of the table in ``posts``."""

from typing import Any

from django.utils import timezone

from apps.notifications.models import Notification
from tests.conftest import Cast
from tests.factories.assignments import make_assignment


def give(cast: Cast) -> None:
    make_assignment(cast.teaching)


def told(cast: Cast) -> list[object]:
    return [Notification.objects.get(recipient=cast.user("guardian")).pk]


NEWS: list[dict[str, Any]] = [
    {"route": "notifications:news-open", "who": "guardian", "prepare": give, "arguments": told},
    {
        "route": "notifications:news-read-all",
        "who": "guardian",
        "prepare": give,
        "fields": lambda cast: {"until": timezone.now().isoformat()},
    },
]
