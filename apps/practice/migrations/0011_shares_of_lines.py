"""What 0007 left for a moment when nobody waits: the shares of the lines that are there, five hundred entries at
a time; the indexes, built beside the running site; and a look whether all rows hold what is asked of them.

Each step is a transaction of its own. A run that was stopped, or found somebody in its way, is run again. An older
process that still runs meanwhile saves lines without shares: ``manage.py recount_days`` afterwards.
"""

from typing import Any

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

from apps.core.operations import BuildIndex
from apps.practice.shares import write_wrong


def write(apps: Any, schema_editor: Any) -> None:
    write_wrong(schema_editor.connection)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("practice", "0010_words_of_entries")]

    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
        *(
            BuildIndex(
                model_name="practiceitem",
                index=models.Index(
                    condition=models.Q((f"{name}__isnull", False)),
                    fields=[name, "entry"],
                    name=f"item_of_{name}",
                ),
            )
            for name in ("piece", "section", "skill")
        ),
        *(
            ValidateConstraint(model_name="practiceitem", name=name)
            for name in ("item_share", "item_tempo", "item_repetitions", "item_about_one_thing")
        ),
    ]
