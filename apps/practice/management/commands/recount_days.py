"""Hold day summaries against the entries, and shares of lines against their minutes; repair what differs."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.practice.services.recounting import recount_differing


class Command(BaseCommand):
    help = "Recount day summaries and shares of lines that differ; with --check only say so and fail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit with 1 on a difference"
        )
        parser.add_argument("--student", type=UUID, action="append", default=[], help="only this student")

    def handle(self, *args: Any, check: bool, student: list[UUID], **options: Any) -> None:
        found = recount_differing(student, only_look=check)
        if check and found.days:
            raise CommandError(
                f"{len(found.days)} days differ, the first: {found.days[0][0]} {found.days[0][1]}"
            )
        if check and found.entries:
            raise CommandError(
                f"{len(found.entries)} entries with wrong shares, the first: {found.entries[0]}"
            )
        if found.failed:
            raise CommandError(
                f"{len(found.failed)} diaries could not be counted, the first: {found.failed[0]}"
            )
        said = [f"{len(found.days)} days recounted"] if found.days else []
        said += [f"{len(found.entries)} entries divided anew"] if found.entries else []
        self.stdout.write(", ".join(said) or "All days are right")
