"""The focus areas that are shipped; their names are translated, so the rows hold keys."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SLUGS = [
    "technique",
    "scales",
    "repertoire",
    "sight-reading",
    "rhythm",
    "tone",
    "intonation",
    "memory",
    "ear",
    "theory",
    "improvisation",
    "performance",
]


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    area = apps.get_model("practice", "FocusArea")
    for position, slug in enumerate(SLUGS):
        area.objects.get_or_create(slug=slug, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("practice", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
