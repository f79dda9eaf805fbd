"""The days of pieces and skills in the diaries that are there: a hundred days of one student at a time, under
their row lock, each lot in a transaction of its own. A run that was stopped, or found somebody in its way, is
run again, and counts anew.

An older process that still runs meanwhile saves entries without them: ``manage.py recount_days`` afterwards.
"""

from typing import Any

from django.db import migrations

from apps.practice.thing_days import count_all


def count(apps: Any, schema_editor: Any) -> None:
    count_all(schema_editor.connection)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("practice", "0014_thing_days")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
