"""The words of the entries that are there: five hundred at a time, each lot in a transaction of its own, so
that nobody waits for long and a run that was stopped goes on where it was.

An older process that still runs meanwhile saves entries without words: ``manage.py write_words`` afterwards.
"""

from typing import Any

from django.db import migrations

from apps.practice.words import write_missing


def write(apps: Any, schema_editor: Any) -> None:
    write_missing(schema_editor.connection)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("practice", "0009_search_and_filters")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
