"""Hold the column ``Student.collecting`` against the ledger that it repeats."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.consent import queries, services


class Command(BaseCommand):
    help = "Check that each diary is kept as the ledger of consents says; exit with 1 if one is not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="write the column anew from the ledger")

    def handle(self, *args: Any, mend: bool, **options: Any) -> None:
        found = list(queries.drifted().order_by("pk"))
        for student in found:
            is_kept = "is kept" if student.collecting else "is not kept"
            self.stderr.write(f"{student.pk} {is_kept}; the ledger says otherwise")
            if mend:
                services.mend(student=student)
        if found and not mend:
            raise CommandError(f"Not as the ledger says: {len(found)}. Run again with --mend")
        self.stdout.write(f"Mended: {len(found)}" if found else "Every diary is as the ledger says")
