import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_avatar"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeavingPhoto",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("path", models.CharField(max_length=60, unique=True, verbose_name="file")),
                ("goes_at", models.DateTimeField(verbose_name="goes at")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo that goes",
                "verbose_name_plural": "photos that go",
                "indexes": [models.Index(fields=["goes_at"], name="leaving_photo_goes")],
            },
        ),
    ]
