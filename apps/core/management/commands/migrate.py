"""Django's ``migrate``, which may take as long as it needs.

A request's statement ends after five seconds; a new index on a large table takes longer. Between two
statements a small machine may think for longer than a request is allowed to. What a statement waits for a
lock stays bounded, so that a migration never holds up the site: it fails and can be run again.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with connections[options["database"]].cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET idle_in_transaction_session_timeout = 0")
        super().handle(*args, **options)
