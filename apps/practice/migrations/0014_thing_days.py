"""How long each piece and skill was practised each day, for each audience apart; 0015 counts what is there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_leaving_photo"),
        ("practice", "0013_look_at_gear_and_occasions"),
        ("private_teaching", "0006_sign_off"),
        ("repertoire", "0002_gear_and_occasions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ThingDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("practised_on", models.DateField(verbose_name="day")),
                ("is_private", models.BooleanField(verbose_name="private")),
                ("sessions", models.PositiveIntegerField(verbose_name="sessions")),
                ("minutes", models.PositiveIntegerField(verbose_name="minutes")),
                (
                    "addressed_to",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="private_teaching.teaching",
                        verbose_name="only for",
                    ),
                ),
                (
                    "piece",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="repertoire.piece",
                        verbose_name="piece",
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="repertoire.skill",
                        verbose_name="skill",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.student",
                        verbose_name="student",
                    ),
                ),
            ],
            options={
                "verbose_name": "practice day of a piece or skill",
                "verbose_name_plural": "practice days of pieces and skills",
                "indexes": [
                    models.Index(
                        condition=models.Q(("piece__isnull", False)),
                        fields=["piece", "-practised_on"],
                        include=("is_private", "addressed_to", "sessions", "minutes"),
                        name="thing_day_of_piece",
                    ),
                    models.Index(
                        condition=models.Q(("skill__isnull", False)),
                        fields=["skill", "-practised_on"],
                        include=("is_private", "addressed_to", "sessions", "minutes"),
                        name="thing_day_of_skill",
                    ),
                    models.Index(
                        condition=models.Q(("addressed_to__isnull", False)),
                        fields=["addressed_to"],
                        name="thing_day_addressed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("student", "practised_on", "piece", "skill", "is_private", "addressed_to"),
                        name="thing_day_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("piece__isnull", True), ("skill__isnull", False)),
                            models.Q(("piece__isnull", False), ("skill__isnull", True)),
                            _connector="OR",
                        ),
                        name="thing_day_of_one_thing",
                    ),
                ],
            },
        ),
    ]
