"""How many statements a page sends, counted apart from the clock."""

from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.home.demo.scale import email

from .client import AnsweredWrongly
from .pages import Page

# Marks of a transaction, not questions.
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def statements(page: Page) -> list[str]:
    """The SQL of the page's second visit; the first fills what a worker keeps."""
    name, path = next(iter(page.paths.items()))
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(
        User.objects.get(email=address(name)), backend="django.contrib.auth.backends.ModelBackend"
    )
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(path, page.fields()) if page.fields else client.get(path)
        if answer.status_code != page.status:
            raise AnsweredWrongly(f"{page.name} answered {answer.status_code}")
    return list(_questions(captured))


def address(name: str) -> str:
    """``student3`` is student3@…"""
    kind = name.rstrip("0123456789")
    return email(kind, int(name.removeprefix(kind)))


def _questions(captured: CaptureQueriesContext) -> Iterator[str]:
    for query in captured.captured_queries:
        if not query["sql"].startswith(FRAME):
            yield query["sql"]
