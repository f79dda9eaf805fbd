"""Lines point at pieces, sections and skills, and say how fast and how often; each knows its share.

Lines that were saved before keep what they say and point at nothing. Nothing here looks at a row: the columns
are empty or have one value for all, and the constraints hold for what is written from now on. 0011 counts the
shares of old lines, builds the indexes and looks whether all rows hold.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0006_week_sign_off"),
        ("repertoire", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="practiceitem",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="practiceitem",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="practiceitem",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="piece",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="repertoire.piece",
                verbose_name="piece",
            ),
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="repetitions",
            field=models.SmallIntegerField(blank=True, null=True, verbose_name="repetitions"),
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="section",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="repertoire.piecesection",
                verbose_name="section",
            ),
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="share_minutes",
            field=models.SmallIntegerField(db_default=0, default=0, verbose_name="part of the minutes"),
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="skill",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="repertoire.skill",
                verbose_name="skill",
            ),
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="tempo",
            field=models.SmallIntegerField(blank=True, null=True, verbose_name="tempo reached"),
        ),
        migrations.AddField(
            model_name="practiceitemrevision",
            name="repetitions",
            field=models.SmallIntegerField(blank=True, null=True, verbose_name="repetitions"),
        ),
        migrations.AddField(
            model_name="practiceitemrevision",
            name="tempo",
            field=models.SmallIntegerField(blank=True, null=True, verbose_name="tempo reached"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practiceitem",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "practice_practiceitemrevision" ("entry_id", "id", "kind", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "repetitions", "tempo", "title") VALUES (NEW."entry_id", NEW."id", NEW."kind", NEW."minutes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."repetitions", NEW."tempo", NEW."title"); RETURN NULL;',
                    hash="ae072c8120a42aa7ee669d8d57f3028af1779ad6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_628d8",
                    table="practice_practiceitem",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practiceitem",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."minutes" IS DISTINCT FROM (NEW."minutes") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."repetitions" IS DISTINCT FROM (NEW."repetitions") OR OLD."tempo" IS DISTINCT FROM (NEW."tempo") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func='INSERT INTO "practice_practiceitemrevision" ("entry_id", "id", "kind", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "repetitions", "tempo", "title") VALUES (NEW."entry_id", NEW."id", NEW."kind", NEW."minutes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."repetitions", NEW."tempo", NEW."title"); RETURN NULL;',
                    hash="7bde6abc0aaf90d5e2656a776e55b8914d0bd4bd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_aa8ff",
                    table="practice_practiceitem",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practiceitem",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "practice_practiceitemrevision" ("entry_id", "id", "kind", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "repetitions", "tempo", "title") VALUES (OLD."entry_id", OLD."id", OLD."kind", OLD."minutes", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."repetitions", OLD."tempo", OLD."title"); RETURN NULL;',
                    hash="46b5d748cef44a515729e90c925285264f9acceb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_dbe50",
                    table="practice_practiceitem",
                    when="AFTER",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="practiceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("share_minutes__range", (0, 1440))), name="item_share"
            ),
        ),
        AddConstraintNotValid(
            model_name="practiceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("tempo__isnull", True), ("tempo__range", (20, 400)), _connector="OR"),
                name="item_tempo",
            ),
        ),
        AddConstraintNotValid(
            model_name="practiceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("repetitions__isnull", True), ("repetitions__range", (1, 999)), _connector="OR"
                ),
                name="item_repetitions",
            ),
        ),
        AddConstraintNotValid(
            model_name="practiceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("skill__isnull", True),
                    models.Q(("piece__isnull", True), ("section__isnull", True)),
                    _connector="OR",
                ),
                name="item_about_one_thing",
            ),
        ),
    ]
