"""Students have focus areas of their own.

Backwards they are lost, and with them what entries say of them: the table knew everybody's alone, and in it one
student's would be offered to all. The versions of the entries keep that there was something.
"""

import django.db.models.deletion
from django.db import migrations, models

FORGET_OWN = """
    SET CONSTRAINTS ALL IMMEDIATE;
    DELETE FROM practice_practiceentry_focus_areas
    WHERE focusarea_id IN (SELECT id FROM practice_focusarea WHERE student_id IS NOT NULL);
    DELETE FROM practice_focusarea WHERE student_id IS NOT NULL;
"""


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
        migrations.AddField(
            model_name="focusarea",
            name="is_archived",
            field=models.BooleanField(db_default=False, default=False, verbose_name="put away"),
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
        # The last step forwards is the first one backwards.
        migrations.RunSQL(migrations.RunSQL.noop, FORGET_OWN),
    ]
