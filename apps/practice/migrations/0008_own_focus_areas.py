"""Students have focus areas of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_leaving_photo"),
        ("practice", "0007_entry_lines"),
    ]

    operations = [
        migrations.AddField(
            model_name="focusarea",
            name="name",
            field=models.CharField(blank=True, max_length=40, verbose_name="name"),
        ),
        migrations.AddField(
            model_name="focusarea",
            name="name_key",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name="focusarea",
            name="student",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.student",
                verbose_name="student",
            ),
        ),
        migrations.AddConstraint(
            model_name="focusarea",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), ("student__isnull", True)),
                    models.Q(("student__isnull", False), models.Q(("name", ""), _negated=True)),
                    _connector="OR",
                ),
                name="area_own_has_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="focusarea",
            constraint=models.UniqueConstraint(
                condition=models.Q(("student__isnull", False)),
                fields=("student", "name_key"),
                name="area_once_for_a_student",
            ),
        ),
    ]
