"""What 0012 left for a moment when nobody waits: the indexes, built beside the running site, and a look whether all
rows hold. Each step is a transaction of its own; a run that found somebody in its way is run again."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

from apps.core.operations import BuildIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("practice", "0012_gear_and_occasions")]

    operations = [
        *(
            BuildIndex(
                model_name="practiceentry",
                index=models.Index(
                    condition=models.Q((f"{name}__isnull", False)), fields=[name], name=f"entry_{name}"
                ),
            )
            for name in ("instrument", "occasion")
        ),
        ValidateConstraint(model_name="practiceentry", name="entry_occasion_is_flagged"),
    ]
