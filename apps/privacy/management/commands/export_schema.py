"""Print the JSON schema that every export holds; docs/export.schema.json is this, for everybody."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from apps.privacy.archive.schema import schema


class Command(BaseCommand):
    help = "Print the JSON schema of an export."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(schema(), indent=1))
