"""Hold the audit log against its chain of seals."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from apps.core import chain
from apps.core.models import AuditEvent


def read_head(text: str) -> chain.Head:
    """``12:3fa9…`` as this command and the log print it. Raises ValueError."""
    number, _, digest = text.partition(":")
    return chain.Head(int(number), digest.strip().lower())


class Command(BaseCommand):
    help = "Check that no row of the audit log was changed, deleted or inserted; exit with 1 if one was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since-head", type=read_head, help="a head kept elsewhere, NUMBER:HASH; the chain must hold it"
        )
        parser.add_argument("--seal", action="store_true", help="seal what is new first")

    def handle(self, *args: Any, since_head: chain.Head | None, seal: bool, **options: Any) -> None:
        with connection.cursor() as cursor:
            # Nobody waits for a page here.
            cursor.execute("SET statement_timeout = 0")
        if seal:
            chain.seal(now=timezone.now())
        found = list(chain.problems(since=since_head))
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"The audit log is not as it was written: {len(found)} findings")
        self.stdout.write(f"{AuditEvent.objects.count()} rows are as they were written. Head: {chain.head()}")
