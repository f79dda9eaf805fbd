"""Hold the stored day summaries against the entries, and write anew what differs."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from apps.practice import queries, services


class Command(BaseCommand):
    help = "Recount day summaries that differ from the entries; with --check only say so and fail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit with 1 on a difference"
        )
        parser.add_argument("--student", type=UUID, action="append", default=[], help="only this student")

    def handle(self, *args: Any, check: bool, student: list[UUID], **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # All diaries at once takes longer than a page may.
            cursor.execute("SET LOCAL statement_timeout = '10min'")
            wrong = queries.drifted_days(student)
        if check and wrong:
            raise CommandError(f"{len(wrong)} days differ, the first: {wrong[0][0]} {wrong[0][1]}")
        for student_id, day in wrong:
            services.recount_day(student_id=student_id, day=day)
        self.stdout.write(f"{len(wrong)} days recounted" if wrong else "All days are right")
