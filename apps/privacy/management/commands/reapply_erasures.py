"""After a restore: erase again what was erased since the backup was made."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from apps.privacy.models import Erasure, ErasureState
from apps.privacy.services import erasures


class Command(BaseCommand):
    help = "Erase again whoever the ledger in the storage names; run it after every restore of a backup."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            # Nobody waits for a page here.
            cursor.execute("SET statement_timeout = 0")
        done = erasures.reapply(clock=timezone.now)
        for student in done.left:
            self.stdout.write(
                f"The diary {student} has nobody left, but the ledger does not name it: look after it by hand"
            )
        # Whatever has begun and is not done, whether or not a lease still runs.
        left = Erasure.objects.filter(state=ErasureState.RUNNING).count()
        if left:
            raise CommandError(
                f"{left} of {done.found} erasures did not finish; see the log, then run this again"
            )
        self.stdout.write(f"{done.found} erased again")
