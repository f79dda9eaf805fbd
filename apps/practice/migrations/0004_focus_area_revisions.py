"""Revisions of what an entry was about: the links to its focus areas come and go on the record."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# What entries were about so far, as if it was chosen when they were written.
BACKFILL = """
    INSERT INTO practice_entryfocusarearevision
        (practiceentry_id, focusarea_id, pgh_label, pgh_created_at)
    SELECT link.practiceentry_id, link.focusarea_id, 'insert',
           coalesce(min(revision.pgh_created_at), min(entry.created_at))
    FROM practice_practiceentry_focus_areas AS link
    JOIN practice_practiceentry AS entry ON entry.id = link.practiceentry_id
    LEFT JOIN practice_practiceentryrevision AS revision ON revision.pgh_obj_id = entry.id
    GROUP BY link.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("practice", "0003_covering_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="EntryFocusArea",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("practice.practiceentry_focus_areas",),
        ),
        migrations.CreateModel(
            name="EntryFocusAreaRevision",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "focusarea",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="practice.focusarea",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "practiceentry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="practice.practiceentry",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entryfocusarea",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "practice_entryfocusarearevision" ("focusarea_id", "pgh_context_id", "pgh_created_at", "pgh_label", "practiceentry_id") VALUES (NEW."focusarea_id", _pgh_attach_context(), NOW(), \'insert\', NEW."practiceentry_id"); RETURN NULL;',
                    hash="91313e59759048a397009a8c82159d6528b16d82",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4da74",
                    table="practice_practiceentry_focus_areas",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entryfocusarea",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "practice_entryfocusarearevision" ("focusarea_id", "pgh_context_id", "pgh_created_at", "pgh_label", "practiceentry_id") VALUES (OLD."focusarea_id", _pgh_attach_context(), NOW(), \'delete\', OLD."practiceentry_id"); RETURN NULL;',
                    hash="bcb922d9032acbc7eee990879d93e82e5f31c4be",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_cbbaf",
                    table="practice_practiceentry_focus_areas",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entryfocusarearevision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4764af54145b70e29bed6b366e202a94ae9f874f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_790bc",
                    table="practice_entryfocusarearevision",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]
