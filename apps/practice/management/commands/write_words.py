"""Write what the search looks into, for entries that have none: saved by an older version meanwhile, say."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from apps.practice.words import write_missing


class Command(BaseCommand):
    help = "Write the words of entries that the search does not know yet."

    def handle(self, *args: Any, **options: Any) -> None:
        count = write_missing(connection)
        self.stdout.write(f"{count} entries written" if count else "All entries are known")
