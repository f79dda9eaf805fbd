"""``manage.py seed_scale``: a school with as many entries as a measurement needs."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.home.demo import refuse_production, scale


class Command(BaseCommand):
    help = (
        "Make large, believable data for measurements: a million entries in a few minutes. Logins are "
        f"teacher1@{scale.DOMAIN}, student1@…, guardian1@… with the password {scale.PASSWORD}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--students", type=int, required=True)
        parser.add_argument("--teachers", type=int, required=True)
        parser.add_argument("--entries-per-student", type=int, required=True)
        parser.add_argument(
            "--heavy-student", type=int, metavar="ENTRIES", help="entries of the first student"
        )
        parser.add_argument("--seed", type=int, default=1, help="another seed makes other rows")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_production()
        started = monotonic()
        try:
            wanted = scale.Scale(
                students=options["students"],
                teachers=options["teachers"],
                entries_per_student=options["entries_per_student"],
                heavy_entries=options["heavy_student"],
                seed=options["seed"],
            )
            entries = scale.seed(wanted, now=timezone.now())
        except scale.ScaleIsImpossible as impossible:
            raise CommandError(str(impossible)) from impossible
        except scale.ScaleIsThere as there:
            raise CommandError("The made-up people are in this database already.") from there
        scale.settle()
        self.stdout.write(
            f"Made {entries:,} entries of {wanted.students:,} students in {monotonic() - started:.0f} s."
        )
