"""Hold day summaries against the entries, and shares of lines against their minutes; repair what differs."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from apps.practice import queries, services

Found = TypeVar("Found")


def _patiently(find: Callable[[list[UUID]], list[Found]], students: list[UUID]) -> list[Found]:
    """All diaries at once takes longer than a page may."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        return find(students)


class Command(BaseCommand):
    help = "Recount day summaries and shares of lines that differ; with --check only say so and fail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit with 1 on a difference"
        )
        parser.add_argument("--student", type=UUID, action="append", default=[], help="only this student")

    def handle(self, *args: Any, check: bool, student: list[UUID], **options: Any) -> None:
        divided = _patiently(queries.drifted_shares, student)
        if not check:
            for entry_id in divided:
                services.recount_shares(entry_id=entry_id)
        # Only now: the days of pieces and skills are sums of the shares.
        wrong = _patiently(queries.drifted_days, student)
        if check and wrong:
            raise CommandError(f"{len(wrong)} days differ, the first: {wrong[0][0]} {wrong[0][1]}")
        if check and divided:
            raise CommandError(f"{len(divided)} entries with wrong shares, the first: {divided[0]}")
        for student_id, day in wrong:
            services.recount_day(student_id=student_id, day=day)
        said = [f"{len(wrong)} days recounted"] if wrong else []
        said += [f"{len(divided)} entries divided anew"] if divided else []
        self.stdout.write(", ".join(said) or "All days are right")
