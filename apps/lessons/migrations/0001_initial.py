import uuid
from datetime import timedelta

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import apps.accounts.models.users
import apps.lessons.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("private_teaching", "0006_sign_off"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # For two lessons of one teacher that meet: equality and overlap in one index.
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(verbose_name="added at")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="changed at")),
                ("deleted_at", models.DateTimeField(blank=True, null=True, verbose_name="deleted at")),
                ("starts_at", models.DateTimeField(verbose_name="begins at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "time_zone",
                    models.CharField(
                        max_length=64,
                        validators=[apps.accounts.models.users.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("link", models.CharField(blank=True, max_length=500, verbose_name="link")),
                (
                    "attendance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("present", "was there"),
                            ("late", "came late"),
                            ("excused", "excused"),
                            ("missed", "did not come"),
                            ("away", "teacher was away"),
                        ],
                        max_length=10,
                        verbose_name="attendance",
                    ),
                ),
                ("shared_note", models.TextField(blank=True, max_length=10000, verbose_name="shared note")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="called off at")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "teacher",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="teacher",
                    ),
                ),
                (
                    "teaching",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="private_teaching.teaching",
                        verbose_name="teaching",
                    ),
                ),
            ],
            options={
                "verbose_name": "lesson",
                "verbose_name_plural": "lessons",
            },
        ),
        migrations.CreateModel(
            name="LessonChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("moved", "moved"), ("cancelled", "called off")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("was_at", models.DateTimeField(verbose_name="was at")),
                ("was_minutes", models.PositiveSmallIntegerField(verbose_name="lasted minutes")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="lessons.lesson",
                        verbose_name="lesson",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a lesson",
                "verbose_name_plural": "changes of lessons",
            },
        ),
        migrations.CreateModel(
            name="OwnNote",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("body", models.TextField(max_length=10000, verbose_name="private note")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "lesson",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_note",
                        to="lessons.lesson",
                        verbose_name="lesson",
                    ),
                ),
            ],
            options={
                "verbose_name": "private note of a lesson",
                "verbose_name_plural": "private notes of lessons",
            },
        ),
        migrations.AddIndex(
            model_name="lesson",
            index=models.Index(fields=["teaching", "starts_at"], name="lesson_of_teaching"),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("deleted_at__isnull", True)),
                expressions=[("teacher", "="), (apps.lessons.models._Time("starts_at", "ends_at"), "&&")],
                name="lesson_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ends_at__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("starts_at"), "+", models.Value(timedelta(seconds=300))
                        ),
                    ),
                    (
                        "ends_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("starts_at"), "+", models.Value(timedelta(seconds=28800))
                        ),
                    ),
                ),
                name="lesson_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(("link", ""), ("link__regex", "^https?://"), _connector="OR"),
                name="lesson_link_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("shared_note"), 10000
                ),
                name="lesson_note_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="ownnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.text.Length("body"), 10000
                    ),
                    models.Q(("body", ""), _negated=True),
                ),
                name="own_note_length",
            ),
        ),
    ]
