"""What walks over the pages of teachers and requests share."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.private_teaching import services
from apps.private_teaching.models import Application, Teaching

SignIn = Callable[[User], Client]


def address(name: str, *args: object) -> str:
    return reverse(f"private_teaching:{name}", args=args)


def html(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def actions() -> list[str]:
    """What was done with requests, in its order, as the audit says."""
    rows = AuditEvent.objects.filter(action__startswith="application.").order_by("pk")
    return [row.action.removeprefix("application.") for row in rows]


def accept(row: Application) -> Teaching:
    return services.accept(application=row, by=row.teacher, now=timezone.now())


def state_of(row: Application) -> str:
    return Application.objects.get(pk=row.pk).state
